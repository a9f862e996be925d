using System.Collections.Concurrent;
using System.ComponentModel;
using Hangfire;
using Hangfire.Server;
using MySqlConnector;

namespace HangfireMySql.Worker;

/// <summary>What the tests let be run, in this process or in theirs.</summary>
public static class Jobs
{
    /// <summary>How often each key was run in this process.</summary>
    public static ConcurrentDictionary<string, int> Runs { get; } = new();

    /// <summary>When each key was last run in this process.</summary>
    public static ConcurrentDictionary<string, DateTime> RunAt { get; } = new();

    /// <summary>Keys whose waiting job saw its cancellation.</summary>
    public static ConcurrentDictionary<string, bool> Cancelled { get; } = new();

    /// <summary>Notes that it ran.</summary>
    [DisplayName("Count {0}")]
    public static void Count(string key)
    {
        RunAt[key] = DateTime.UtcNow;
        Runs.AddOrUpdate(key, 1, (_, runs) => runs + 1);
    }

    /// <summary>Does nothing.</summary>
    public static void Nothing(string text) => ArgumentNullException.ThrowIfNull(text);

    /// <summary>Does nothing, with two arguments.</summary>
    public static void Many(string text, int number) => ArgumentOutOfRangeException.ThrowIfNegative(number + text.Length);

    /// <summary>Fails the first time.</summary>
    [AutomaticRetry(Attempts = 2, DelaysInSeconds = [1])]
    public static void FailOnce(string key)
    {
        Count(key);
        if (Runs[key] == 1)
            throw new InvalidOperationException("the first time fails");
    }

    /// <summary>Fails each time.</summary>
    [AutomaticRetry(Attempts = 0)]
    public static void Fail(string text) => throw new InvalidOperationException(text);

    /// <summary>Waits until it is cancelled, at most a minute.</summary>
    public static void UntilCancelled(string key, CancellationToken cancellationToken)
    {
        Count(key);
        if (cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)))
            Cancelled[key] = true;
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Runs for a time.</summary>
    public static void For(string key, int milliseconds)
    {
        Count(key);
        Thread.Sleep(milliseconds);
    }

    /// <summary>Writes a row into <c>runs</c>, when it begins and when it ends.</summary>
    public static void Record(string connectionString, string key, int milliseconds)
    {
        var run = Guid.NewGuid();
        Write(connectionString, run, key, "begin");
        if (Program.DieAt == "during")
            Program.Die();
        Thread.Sleep(milliseconds);
        Write(connectionString, run, key, "end");
    }

    private static void Write(string connectionString, Guid run, string key, string what)
    {
        // The tests cut connections: a row that is missing must mean a job that did not run, and two rows a job that ran twice.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var connection = new MySqlConnection(connectionString + ";Pooling=false");
                connection.Open();
                using var command = new MySqlCommand(
                    "INSERT IGNORE INTO runs (run, job, what, process) VALUES (@run, @job, @what, @process)",
                    connection
                );
                command.Parameters.AddWithValue("@run", run.ToString());
                command.Parameters.AddWithValue("@job", key);
                command.Parameters.AddWithValue("@what", what);
                command.Parameters.AddWithValue("@process", Environment.ProcessId);
                command.ExecuteNonQuery();
                return;
            }
            catch (MySqlException exception) when (attempt < 100)
            {
                Console.WriteLine($"{key} {what}: {exception.Message}");
                Thread.Sleep(100);
            }
        }
    }
}
