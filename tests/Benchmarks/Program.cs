using System.Globalization;
using Benchmarks;
using TestSupport;

if (args is ["raw-endpoint", var port, var connectionString])
{
    await RawEndpoint.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), connectionString);
    return 0;
}

var seconds = 10;
var warmUp = 15;
string? json = null;
var mySql = false;
var wanted = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seconds" when i + 1 < args.Length:
            seconds = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--warm-up" when i + 1 < args.Length:
            warmUp = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        case "--mysql":
            mySql = true;
            break;
        case "--help":
            Console.WriteLine(
                "dotnet run -c Release --project tests/Benchmarks -- [accept|relay|storage|sustained|latency|recovery|idle|backlog|analyzer|consistency ...] or [hangfire|hangfire-dashboard|hangfire-mixed ...] [--seconds 10] [--warm-up 15] [--mysql] [--json FILE]"
            );
            return 0;
        default:
            wanted.Add(args[i]);
            break;
    }
}

if (wanted.Count > 0 && wanted.All(HangfireCases.Names.Contains))
    return await HangfireCases.RunAsync(wanted, mySql, seconds, json);

if ((mySql ? MySqlServer.Missing : MariaDbServer.Missing) is { } missing || (missing = KafkaServer.Missing) is not null)
{
    Console.Error.WriteLine($"The benchmarks need a database and Kafka: {missing}.");
    return 2;
}

await using DatabaseServer database = mySql ? new MySqlServer() : new MariaDbServer();
await using var kafka = new KafkaServer(1, "num.partitions=4");
await Task.WhenAll(database.StartAsync(), kafka.StartAsync());

var report = new Report();
var scenarios = new Scenarios(database, kafka, report, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(warmUp));
var all = new Dictionary<string, Func<Task>>
{
    ["accept"] = scenarios.AcceptAsync,
    ["relay"] = scenarios.RelayAsync,
    ["storage"] = scenarios.StorageAsync,
    ["sustained"] = scenarios.SustainedAsync,
    ["latency"] = scenarios.LatencyAsync,
    ["recovery"] = scenarios.RecoveryAsync,
    ["idle"] = scenarios.IdleAsync,
    ["backlog"] = scenarios.BacklogAsync,
    ["analyzer"] = () => new AnalyzerIndex(database, kafka, report).RunAsync("analyzer"),
    ["consistency"] = () => new ConsistencyCase(database, kafka, report).RunAsync(),
};
Console.WriteLine(
    $"{Report.Machine()}; {(mySql ? "MySQL" : "MariaDB")}, one Kafka node, {seconds} s a case after {warmUp} s of the same load."
);
Console.WriteLine("warming the broker up ...");
await scenarios.WarmUpAsync();
foreach (var name in wanted.Count > 0 ? wanted : [.. all.Keys])
{
    if (!all.TryGetValue(name, out var scenario))
    {
        Console.Error.WriteLine($"'{name}' is not a benchmark; there are {string.Join(", ", all.Keys)}.");
        return 2;
    }
    Console.WriteLine($"{name} ...");
    await scenario();
}
await report.FinishAsync(json);
return 0;
