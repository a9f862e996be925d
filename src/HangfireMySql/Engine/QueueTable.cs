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

    private const int MostSeconds = 3600;

    private readonly string _table = database.Tables.JobQueue;

    /// <summary>
    /// Takes up to <paramref name="count"/> jobs that are due, queues in alphabetical order and first in first out within one, passing over
    /// rows that others are taking; and reads back what stands under the tokens.
    /// </summary>
    /// <param name="connection">Not in a transaction.</param>
    /// <param name="queues">Where to look.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="window">How many of those in front are looked at.</param>
    /// <param name="token">A new token for this claim.</param>
    /// <param name="doubtful">Tokens of claims whose outcome did not arrive.</param>
    public List<ClaimedRow> Claim(
        MySqlConnection connection,
        IReadOnlyList<string> queues,
        int count,
        int window,
        long token,
        IReadOnlyList<long> doubtful
    )
    {
        try
        {
            var ids = Lock(connection, queues, count, window);
            var take = Sql.Command(
                connection,
                "",
                ("@token", token),
                ("@lease", Sql.Microseconds(database.Options.SlidingInvisibilityTimeout))
            );
            var update =
                ids.Count == 0
                    ? ""
                    : $"""
                        UPDATE {Sql.Numbers(ids)} c STRAIGHT_JOIN {_table} q FORCE INDEX (PRIMARY) ON q.id = c.id
                        SET q.visible_at = {Sql.Now} + INTERVAL @lease MICROSECOND, q.fetched_at = {Sql.Now}, q.fetch_token = @token;
                        """;
            var tokens = Sql.List(take.Parameters, "t", [token, .. doubtful]);
            take.CommandText =
                $"{update} COMMIT; SET SESSION wait_timeout = DEFAULT; SELECT id, job_id, queue, fetch_token FROM {_table} WHERE fetch_token IN ({tokens}) ORDER BY queue, id";
            return database
                .Timed(take)
                .Rows(reader => new ClaimedRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3)));
        }
        catch (Exception exception) when (!SqlFaults.IsConnection(exception))
        {
            Sql.Command(connection, "ROLLBACK").Execute();
            throw;
        }
    }

    /// <summary>
    /// The first half of a claim: begins a transaction that holds the rows to be taken. A host that vanishes or freezes in it leaves a session the
    /// server knows nothing of, and would keep the rows from everybody for its <c>wait_timeout</c> of hours; so within it that is a lease.
    /// </summary>
    internal List<long> Lock(MySqlConnection connection, IReadOnlyList<string> queues, int count, int window)
    {
        var seconds = Math.Clamp((long)Math.Ceiling(database.Options.SlidingInvisibilityTimeout.TotalSeconds), 1, MostSeconds);
        var find = Sql.Command(connection, "", ("@count", count), ("@window", window));
        var names = Sql.List(find.Parameters, "q", queues);
        // Read committed: with repeatable reads a row that is gone would leave a lock on its gap.
        find.CommandText =
            $"SET SESSION wait_timeout = {seconds}; SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; {ClaimText(names, queues.Count)}";
        return database.Timed(find).Rows(reader => reader.GetInt64(0));
    }

    /// <summary>
    /// What finds rows that are due and locks them, whose plan matters. The inner part reads the index in its order and locks nothing: a locking
    /// scan would stop at the first leased row behind those that are due, hold its entry, and wait for the row, whose worker holds it and deletes
    /// the entry. The outer part locks row by row by the number, passes over those that others hold, and ends when there are enough.
    /// </summary>
    public string ClaimText(string names, int queues) =>
        $"""
            SELECT q.id FROM (
              SELECT id FROM {_table} FORCE INDEX (ix_claim) WHERE queue IN ({names}) AND visible_at <= {Sql.Now}
              ORDER BY {Order(queues)} LIMIT @window
            ) c STRAIGHT_JOIN {_table} q FORCE INDEX (PRIMARY) ON q.id = c.id WHERE q.visible_at <= {Sql.Now} LIMIT @count FOR UPDATE SKIP LOCKED
            """;

    /// <summary>Whether a claim would find something; locks nothing and writes nothing.</summary>
    public bool AnyDue(MySqlConnection connection, IReadOnlyList<string> queues)
    {
        var command = Sql.Command(connection, "");
        var names = Sql.List(command.Parameters, "q", queues);
        command.CommandText = $"SELECT 1 FROM {_table} FORCE INDEX (ix_claim) WHERE queue IN ({names}) AND visible_at <= {Sql.Now} LIMIT 1";
        return database.Timed(command).Number() == 1;
    }

    // For one queue its name is not in the order: MariaDB reads and sorts the whole queue then, when the connection's collation is not the column's.
    private static string Order(int queues) => queues == 1 ? "visible_at, id" : "queue, visible_at, id";

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
