namespace Hangfire.MySql.Engine;

/// <summary>The tables' quoted names for one prefix; no statement names a table in another way.</summary>
internal sealed class Tables(string prefix)
{
    /// <summary>The names without prefix, and the column sizes, as the schema's steps have them.</summary>
    public static readonly string[] Names =
    [
        "schema_info",
        "job",
        "job_parameter",
        "state",
        "job_queue",
        "hash",
        "set",
        "list",
        "counter",
        "aggregated_counter",
        "server",
        "distributed_lock",
    ];

    public const int KeyLength = 200;
    public const int FieldLength = 200;
    public const int ValueLength = 500;
    public const int ParameterLength = 100;
    public const int QueueLength = 64;
    public const int StateLength = 64;
    public const int ReasonLength = 500;
    public const int ServerLength = 200;

    public string Prefix { get; } = prefix;
    public string SchemaInfo { get; } = Quote(prefix, "schema_info");
    public string Job { get; } = Quote(prefix, "job");
    public string JobParameter { get; } = Quote(prefix, "job_parameter");
    public string State { get; } = Quote(prefix, "state");
    public string JobQueue { get; } = Quote(prefix, "job_queue");
    public string Hash { get; } = Quote(prefix, "hash");
    public string Set { get; } = Quote(prefix, "set");
    public string List { get; } = Quote(prefix, "list");
    public string Counter { get; } = Quote(prefix, "counter");
    public string AggregatedCounter { get; } = Quote(prefix, "aggregated_counter");
    public string Server { get; } = Quote(prefix, "server");
    public string DistributedLock { get; } = Quote(prefix, "distributed_lock");

    /// <summary>Sets <c>@name</c> of <c>@job</c> to <c>@value</c>, unless the job is gone.</summary>
    public string UpsertParameter =>
        $"INSERT INTO {JobParameter} (job_id, name, value) SELECT id, @name, @value FROM {Job} WHERE id = @job ON DUPLICATE KEY UPDATE value = VALUES(value)";

    private static string Quote(string prefix, string name) => $"`{prefix}{name}`";
}
