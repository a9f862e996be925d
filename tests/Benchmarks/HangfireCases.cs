using TestSupport;

namespace Benchmarks;

/// <summary>The cases of the job storage. No Kafka takes part.</summary>
internal static class HangfireCases
{
    public static IReadOnlyList<string> Names { get; } = ["hangfire", "hangfire-dashboard", "hangfire-mixed"];

    /// <summary>Starts the servers they need, measures and prints.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> wanted, bool mySql, int seconds, string? json)
    {
        if ((mySql ? MySqlServer.Missing : MariaDbServer.Missing) is { } missing)
        {
            Console.Error.WriteLine($"The benchmark needs a database: {missing}.");
            return 2;
        }
        await using DatabaseServer server = mySql ? new MySqlServer() : new MariaDbServer();
        await server.StartAsync();
        var database = new JobDatabase(server);
        await database.CheckCounterAsync();
        var compared = wanted.Contains("hangfire");
        await using var postgreSql = compared && PostgreSqlServer.Missing is null ? await PostgreSqlServer.StartAsync() : null;
        Console.WriteLine(
            $"{Report.Machine()}; {(mySql ? "MySQL" : "MariaDB")}{(compared ? "; " + (PostgreSqlServer.Missing ?? "PostgreSQL") : "")}; {seconds} s a case."
        );
        var report = new Report();
        var time = TimeSpan.FromSeconds(seconds);
        foreach (var name in wanted)
        {
            Console.WriteLine($"{name} ...");
            await (
                name switch
                {
                    "hangfire" => new HangfireRates(database, postgreSql?.ConnectionString, report, time).MeasureAsync(),
                    "hangfire-dashboard" => new HangfireDashboard(database, report).MeasureAsync(),
                    _ => new HangfireMixed(database, report, time).MeasureAsync(),
                }
            );
        }
        await report.FinishAsync(json);
        return 0;
    }
}
