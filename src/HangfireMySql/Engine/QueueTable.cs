using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>The statements on the queue's rows: claim, read back, give back, keep.</summary>
internal sealed class QueueTable(MySqlDatabase database)
{
    /// <summary>
    /// Finds one held row by its number. Not by the token's index, which a claim changes after it has locked the row: two that lock in
    /// opposite order deadlock.
    /// </summary>
    public const string IsHeld = "id = @id AND fetch_token + 0 = @token";

    private readonly string _table = database.Tables.JobQueue;

    /// <summary>
    /// Takes up to <paramref name="count"/> jobs that are due, queues in alphabetical order and first in first out within one, passing over
    /// rows that others are taking; and reads back what stands under the tokens.
    /// </summary>
    /// <param name="connection">Not in a transaction.</param>
    /// <param name="queues">Where to look.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="token">A new token for this claim.</param>
    /// <param name="doubtful">Tokens of claims whose outcome did not arrive.</param>
    public List<ClaimedRow> Claim(
        MySqlConnection connection,
        IReadOnlyList<string> queues,
        int count,
        long token,
        IReadOnlyList<long> doubtful
    )
    {
        using var command = Sql.Command(
            connection,
            "",
            ("@count", count),
            ("@lease", Sql.Microseconds(database.Options.SlidingInvisibilityTimeout)),
            ("@token", token)
        );
        var names = Sql.List(command.Parameters, "q", queues);
        var tokens = Sql.List(command.Parameters, "t", [token, .. doubtful]);
        // Read committed: with repeatable reads an empty look would lock the gap where the next job is to be inserted.
        // The order is that of the index; sorted rows would all be locked before they are sorted. And the rows found come first in the
        // join: a scan of the table would wait for those of others.
        command.CommandText = $"""
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            UPDATE ({Due(names, queues.Count)}) c STRAIGHT_JOIN {_table} q ON q.id = c.id
            SET q.visible_at = {Sql.Now} + INTERVAL @lease MICROSECOND, q.fetched_at = {Sql.Now}, q.fetch_token = @token;
            SELECT id, job_id, queue, fetch_token FROM {_table} WHERE fetch_token IN ({tokens}) ORDER BY queue, id
            """;
        database.Timed(command);
        using var reader = command.ExecuteReader();
        var rows = new List<ClaimedRow>();
        while (reader.Read())
            rows.Add(new ClaimedRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3)));
        return rows;
    }

    /// <summary>
    /// The inner part of the claim, whose plan matters. For one queue its name is not in the order: MariaDB reads and sorts the whole queue then,
    /// when the connection's collation is not the column's.
    /// </summary>
    public string Due(string names, int queues) =>
        $"SELECT id FROM {_table} FORCE INDEX (ix_claim) WHERE queue IN ({names}) AND visible_at <= {Sql.Now} "
        + $"ORDER BY {(queues == 1 ? "" : "queue, ")}visible_at, id LIMIT @count FOR UPDATE SKIP LOCKED";

    /// <summary>Whether a claim would find something; locks nothing and writes nothing.</summary>
    public bool AnyDue(MySqlConnection connection, IReadOnlyList<string> queues)
    {
        var command = Sql.Command(connection, "");
        var names = Sql.List(command.Parameters, "q", queues);
        command.CommandText = $"SELECT 1 FROM {_table} FORCE INDEX (ix_claim) WHERE queue IN ({names}) AND visible_at <= {Sql.Now} LIMIT 1";
        return database.Timed(command).Number() == 1;
    }

    /// <summary>Gives back what nobody takes any more.</summary>
    public void GiveBack(MySqlConnection connection, IReadOnlyCollection<ClaimedRow> rows)
    {
        var command = Sql.Command(connection, "");
        var ids = Sql.List(command.Parameters, "i", rows.Select(row => row.Id).Order());
        var tokens = Sql.List(command.Parameters, "t", rows.Select(row => row.Token).Distinct());
        command.CommandText =
            $"UPDATE {_table} FORCE INDEX (PRIMARY) SET visible_at = {Sql.Now}, fetched_at = NULL, fetch_token = NULL WHERE id IN ({ids}) AND fetch_token + 0 IN ({tokens})";
        database.Timed(command).Execute();
    }

    /// <summary>Moves the end of leases on.</summary>
    /// <returns>How many rows are still held.</returns>
    public int Keep(MySqlConnection connection, IReadOnlyCollection<(long Id, long Token)> leases)
    {
        var command = Sql.Command(connection, "", ("@lease", Sql.Microseconds(database.Options.SlidingInvisibilityTimeout)));
        var ids = Sql.List(command.Parameters, "i", leases.Select(lease => lease.Id).Order());
        var tokens = Sql.List(command.Parameters, "t", leases.Select(lease => lease.Token).Distinct());
        command.CommandText =
            $"UPDATE {_table} FORCE INDEX (PRIMARY) SET visible_at = {Sql.Now} + INTERVAL @lease MICROSECOND WHERE id IN ({ids}) AND fetch_token + 0 IN ({tokens})";
        return database.Timed(command).Execute();
    }
}
