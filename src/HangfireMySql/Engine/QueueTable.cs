using MySqlConnector;

namespace Hangfire.MySql.Engine;

/// <summary>The statements on the queue's rows: claim, read back, give back, keep.</summary>
internal sealed class QueueTable(MySqlDatabase database)
{
    /// <summary>
    /// Finds one held row by its number. Rows of the queue are locked by their numbers alone: whoever locks an entry of another index first
    /// deadlocks with those who change it after they have locked the row.
    /// </summary>
    public const string IsHeld = "id = @id AND fetch_token + 0 = @token";

    private readonly string _table = database.Tables.JobQueue;

    /// <summary>
    /// The rows that are due, queues in alphabetical order and first in first out within one. Locks nothing: a locking scan of this index would
    /// stop at the first leased row behind those that are due, hold its entry, and wait for the row, whose worker holds it and deletes the entry.
    /// </summary>
    /// <param name="connection">Not in a transaction.</param>
    /// <param name="queues">Where to look.</param>
    /// <param name="limit">How many at most.</param>
    public List<long> Due(MySqlConnection connection, IReadOnlyList<string> queues, int limit)
    {
        var command = Sql.Command(connection, "", ("@limit", limit));
        command.CommandText = DueText(Sql.List(command.Parameters, "q", queues), queues.Count);
        return database.Timed(command).Rows(reader => reader.GetInt64(0));
    }

    /// <summary>
    /// Takes up to <paramref name="count"/> of the rows that were due, those in front first, if they still are; passes over rows that others
    /// are taking. Then reads back what stands under the tokens.
    /// </summary>
    /// <param name="connection">Not in a transaction.</param>
    /// <param name="due">Numbers of rows, in the order in which they are taken; may be empty.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="token">A new token for this claim.</param>
    /// <param name="doubtful">Tokens of claims whose outcome did not arrive.</param>
    public List<ClaimedRow> Claim(MySqlConnection connection, IReadOnlyList<long> due, int count, long token, IReadOnlyList<long> doubtful)
    {
        using var command = Sql.Command(connection, "", ("@token", token));
        var tokens = Sql.List(command.Parameters, "t", [token, .. doubtful]);
        var claim = "";
        if (due.Count > 0)
        {
            command.Parameters.AddWithValue("@count", count);
            command.Parameters.AddWithValue("@lease", Sql.Microseconds(database.Options.SlidingInvisibilityTimeout));
            // Read committed: with repeatable reads a row that is gone would leave a lock on its gap.
            claim = $"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; {ClaimText(due)};";
        }
        command.CommandText =
            $"{claim} SELECT id, job_id, queue, fetch_token FROM {_table} WHERE fetch_token IN ({tokens}) ORDER BY queue, id";
        return database
            .Timed(command)
            .Rows(reader => new ClaimedRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3)));
    }

    /// <summary>
    /// What finds rows that are due, whose plan matters: the order is that of the index. For one queue its name is not in the order: MariaDB
    /// reads and sorts the whole queue then, when the connection's collation is not the column's.
    /// </summary>
    public string DueText(string names, int queues) =>
        $"SELECT id FROM {_table} FORCE INDEX (ix_claim) WHERE queue IN ({names}) AND visible_at <= {Sql.Now} "
        + $"ORDER BY {(queues == 1 ? "" : "queue, ")}visible_at, id LIMIT @limit";

    /// <summary>
    /// What takes them, whose plan matters too: row by row by their numbers, in the order given, until there are enough. The rows found come
    /// first in each join: a scan of the table would wait for those of others.
    /// </summary>
    public string ClaimText(IReadOnlyList<long> due) =>
        $"""
            UPDATE (
              SELECT q.id FROM {Sql.Numbers(due)} c
              STRAIGHT_JOIN {_table} q ON q.id = c.id WHERE q.visible_at <= {Sql.Now} LIMIT @count FOR UPDATE SKIP LOCKED
            ) f STRAIGHT_JOIN {_table} q ON q.id = f.id
            SET q.visible_at = {Sql.Now} + INTERVAL @lease MICROSECOND, q.fetched_at = {Sql.Now}, q.fetch_token = @token
            """;

    /// <summary>Gives back what nobody takes any more.</summary>
    public void GiveBack(MySqlConnection connection, IReadOnlyCollection<ClaimedRow> rows) =>
        Change(connection, rows.Select(row => (row.Id, row.Token)), $"q.visible_at = {Sql.Now}, q.fetched_at = NULL, q.fetch_token = NULL");

    /// <summary>Moves the end of leases on.</summary>
    /// <returns>How many rows are still held.</returns>
    public int Keep(MySqlConnection connection, IReadOnlyCollection<(long Id, long Token)> leases) =>
        Change(
            connection,
            leases,
            $"q.visible_at = {Sql.Now} + INTERVAL @lease MICROSECOND",
            ("@lease", Sql.Microseconds(database.Options.SlidingInvisibilityTimeout))
        );

    // Row by row in the order of their numbers, those alone.
    private int Change(
        MySqlConnection connection,
        IEnumerable<(long Id, long Token)> held,
        string set,
        params ReadOnlySpan<(string, object?)> parameters
    )
    {
        var rows = held.OrderBy(row => row.Id).ToList();
        var command = Sql.Command(connection, "", parameters);
        var tokens = Sql.List(command.Parameters, "t", rows.Select(row => row.Token).Distinct());
        command.CommandText = $"""
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            UPDATE {Sql.Numbers(rows.Select(row => row.Id))} c STRAIGHT_JOIN {_table} q FORCE INDEX (PRIMARY) ON q.id = c.id
            SET {set} WHERE q.fetch_token + 0 IN ({tokens})
            """;
        return database.Timed(command).Execute();
    }
}
