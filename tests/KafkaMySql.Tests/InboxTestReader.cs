using MySqlConnector;
using TestSupport;

namespace KafkaMySql.Tests;

/// <summary>One process of a reader with a database of its own, and questions to that database.</summary>
internal sealed class InboxTestReader : IAsyncDisposable
{
    private readonly DatabaseServer _server;

    private InboxTestReader(DatabaseServer server, string connectionString, InboxOptions options, TimeProvider clock)
    {
        _server = server;
        ConnectionString = connectionString;
        Options = options;
        Writer = new InboxWriter(options, clock, Log.For<InboxWriter>());
    }

    public string ConnectionString { get; }

    public InboxOptions Options { get; }

    public InboxWriter Writer { get; }

    public LogLines Log { get; } = new();

    public string Database => new MySqlConnectionStringBuilder(ConnectionString).Database;

    /// <summary>A reader of an empty database that knows the types a and b.</summary>
    public static async Task<InboxTestReader> StartAsync(DatabaseServer server, Action<InboxOptions>? configure = null)
    {
        var connectionString = await server.NewDatabaseAsync("inbox");
        var reader = On(server, connectionString, configure);
        foreach (var letter in "abc")
            await reader.ExecuteAsync(new InboxTestTable($"events_{letter}").Create);
        return reader;
    }

    /// <summary>Another process of the same reader.</summary>
    public InboxTestReader Other(Action<InboxOptions>? configure = null) => On(_server, ConnectionString, configure);

    /// <summary>A process of a reader whose database is already there.</summary>
    public static InboxTestReader On(
        DatabaseServer server,
        string connectionString,
        Action<InboxOptions>? configure = null,
        string known = "ab"
    )
    {
        var options = new InboxOptions
        {
            ConnectionString = connectionString,
            Consumer = "storage",
            Decoder = InboxTestMessage.Decoder(known),
        };
        for (var i = 0; i < known.Length; i++)
            options.Tables[(ushort)(i + 1)] = new InboxTestTable($"events_{known[i]}");
        configure?.Invoke(options);
        return new InboxTestReader(server, connectionString, options, TimeProvider.System);
    }

    public Task ApplyAsync(params MassTransit.Kafka.Extensions.RawRecord[] records) =>
        Writer.ApplyAsync(records[0].Partition, records, records[^1].Offset + 1);

    public InboxFigures Figures(int partition = 0) => Writer.States[partition].Figures;

    /// <summary>The texts stored, in the order of their row numbers.</summary>
    public Task<List<string>> TextsAsync(string table = "events_a", int partition = 0) =>
        ListAsync($"SELECT text FROM {table} WHERE row_partition = {partition} ORDER BY row_no");

    public async Task<long> CountAsync(string from) => Convert.ToInt64((await ListAsync($"SELECT COUNT(*) FROM {from}"))[0]);

    /// <summary>The first column as text.</summary>
    public async Task<List<string>> ListAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.IsDBNull(0) ? "null" : Text(reader.GetValue(0)));
        return values;
    }

    public Task<List<string>> ProgressAsync(string column, int partition = 0) =>
        ListAsync($"SELECT {column} FROM partition_progress WHERE consumer = '{Options.Consumer}' AND partition_no = {partition}");

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => Writer.DisposeAsync();

    private static string Text(object value) =>
        value is DateTime time
            ? time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture)
            : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;
}
