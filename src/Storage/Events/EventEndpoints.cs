using System.Globalization;
using Contracts;
using Contracts.Http;
using MySqlConnector;
using ServiceDefaults;
using Storage.Persistence;

namespace Storage.Events;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/events/{trace_id}", Find)
            .WithTags("Events")
            .WithSummary("Where the event with a trace id is stored")
            .WithDescription("Of several types that hold the same trace id the first in the catalog's order, unless type names one.")
            .Produces<StoredEventDocument>()
            .Produces<MessageDocument>(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Find(string trace_id, string? type, ServiceDatabase database, CancellationToken cancellationToken)
    {
        if (type is not null && EventCatalog.Find(type) is null)
            return Replies.Problem(
                StatusCodes.Status400BadRequest,
                $"The parameter type is '{type}'; it must be one of {string.Join(", ", EventCatalog.All)}."
            );
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        foreach (var table in EventTableNames.All.Where(table => type is null || table.Type.Name == type))
        {
            if (await FindAsync(connection, table, trace_id, cancellationToken) is { } found)
                return Results.Ok(found);
        }
        return Replies.Message(StatusCodes.Status404NotFound, $"No event with trace id {trace_id}!");
    }

    private static async Task<StoredEventDocument?> FindAsync(
        MySqlConnection connection,
        EventTableNames table,
        string traceId,
        CancellationToken cancellationToken
    )
    {
        if (Key(table.Type, traceId) is not { } key)
            return null;
        await using var command = new MySqlCommand(
            $"SELECT partition_no, seq, row_partition, row_no, {table.StoredAt} FROM {table.Table} WHERE trace_id = @trace",
            connection
        );
        command.Parameters.AddWithValue("@trace", key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new StoredEventDocument(
            traceId,
            table.Type.Name,
            reader.GetUInt16(0),
            reader.IsDBNull(1) ? null : reader.GetUInt64(1),
            reader.GetUInt16(2),
            reader.GetInt64(3),
            reader.GetDateTime(4)
        );
    }

    // The column's own type, so that the index is used; a text that no such column can hold is not looked for.
    private static object? Key(EventType type, string traceId) =>
        type.TraceIdKind == TraceIdKind.Uuid ? traceId
        : long.TryParse(traceId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == traceId
            ? number
        : null;
}
