using System.Globalization;
using Contracts;
using Contracts.Fields;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using ServiceDefaults;
using Storage.Persistence;
using Storage.Reading;

namespace Storage.Side;

/// <summary>Count, sums and maxima of one type's rows up to a cursor, in one look. For Processing; not through the gateway.</summary>
internal static class AggregateEndpoints
{
    public static void MapAggregates(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/side/aggregate/{type}", Aggregate)
            .WithTags("Side")
            .WithSummary("Count, sum and maximum of every numeric column, of the rows up to a cursor or of all there are")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<TableAggregate> Aggregate(
        string type,
        string? after,
        ServiceDatabase database,
        CancellationToken cancellationToken
    )
    {
        var table =
            EventTableNames.All.FirstOrDefault(known => known.Type.Name == type)
            ?? throw new ProblemException(StatusCodes.Status404NotFound, $"There is no type {type}.");
        ListCursor? cursor = null;
        if (after is not null && (!ListCursor.TryParse(after, out cursor) || cursor.TypeId != table.Type.Id))
            throw new ProblemException(StatusCodes.Status400BadRequest, $"The parameter after is not a cursor of the list of {type}.");

        var query = EventIdRow.Of(table);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await ReadSnapshot.BeginAsync(connection, cancellationToken);
        var revision = await query.RevisionAsync(connection, cancellationToken);
        if (cursor is not null && !await query.HoldsAsync(connection, cursor, cancellationToken))
            throw new ProblemException(
                StatusCodes.Status410Gone,
                "A row that the cursor names is not there any more: start over without it."
            );
        cursor ??= await EndAsync(connection, table, cancellationToken);
        return await ReadAsync(connection, table, cursor, revision, cancellationToken);
    }

    // Rows of a partition become visible in the order of their numbers, so below the last one none is missing.
    private static async Task<ListCursor> EndAsync(MySqlConnection connection, EventTableNames table, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            $"""
            SELECT last.row_partition, last.row_no, t.trace_id
            FROM (SELECT row_partition, MAX(row_no) AS row_no FROM {table.Table} GROUP BY row_partition) last
            JOIN {table.Table} t ON t.row_partition = last.row_partition AND t.row_no = last.row_no
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var last = new Dictionary<int, (long, string)>();
        while (await reader.ReadAsync(cancellationToken))
            last[reader.GetInt32(0)] = (reader.GetInt64(1), Convert.ToString(reader.GetValue(2), CultureInfo.InvariantCulture)!);
        return ListCursor.Beginning(table.Type.Id, DateTime.UnixEpoch) with { Last = last };
    }

    private static async Task<TableAggregate> ReadAsync(
        MySqlConnection connection,
        EventTableNames table,
        ListCursor cursor,
        long revision,
        CancellationToken cancellationToken
    )
    {
        string[] columns = [.. table.Type.Fields.Where(IsMeasure).Select(field => field.Name)];
        var rows =
            cursor.Last.Count == 0
                ? "FALSE"
                : string.Join(
                    " OR ",
                    cursor.Last.Select(last =>
                        string.Create(CultureInfo.InvariantCulture, $"(row_partition = {last.Key} AND row_no <= {last.Value.RowNo})")
                    )
                );
        await using var command = new MySqlCommand(
            $"""
            SELECT COUNT(*){string.Concat(
                columns.Select(column => $", SUM(CAST(`{column}` AS DECIMAL(65,12))), CAST(MAX(`{column}`) AS DECIMAL(65,12))")
            )}
            FROM {table.Table} WHERE {rows}
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new TableAggregate(
            table.Type.Name,
            revision,
            cursor.ToString(),
            cursor.Rows(),
            reader.GetInt64(0),
            columns
                .Index()
                .ToDictionary(
                    column => column.Item,
                    column => new ColumnAggregate(Text(reader, 1 + 2 * column.Index), Text(reader, 2 + 2 * column.Index))
                )
        );
    }

    private static bool IsMeasure(EventField field) => field.ColumnType is "DECIMAL(18,2)" or "DOUBLE";

    // As text: a sum may have more digits than any number type of a client.
    private static string? Text(MySqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetMySqlDecimal(column).ToString();
}
