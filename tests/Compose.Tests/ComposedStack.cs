using System.Net;
using System.Text.Json;
using TestSupport;

namespace Compose.Tests;

/// <summary>The stack of <c>compose.yaml</c> under a name and on ports of its own, built from this checkout.</summary>
public sealed class ComposedStack : IAsyncLifetime
{
    private static readonly string[] Ports =
    [
        "HTTP_PORT",
        "RECEIVER_PORT",
        "STORAGE_PORT",
        "PROCESSING_PORT",
        "ANALYZER_PORT",
        "CONSISTENCY_PORT",
        "ANOMALY_PORT",
        "RUNIFY_ANALYZER_PORT",
        "RUNIFY_ANOMALY_PORT",
        "RUNIFY_CHECK_PORT",
        "MYSQL_PORT",
        "KAFKA_PORT",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _ports = Ports.ToDictionary(name => name, _ => FreePort.Next());
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly string _project = $"compose-test-{Environment.ProcessId}";
    private bool _startedEngine;

    /// <summary>Why it does not run; null when it does.</summary>
    public string? Missing { get; private set; }

    /// <summary>What clients were promised, over all tests.</summary>
    public Journal Journal { get; } = new();

    /// <summary>The gateway.</summary>
    public Uri Gateway => At("HTTP_PORT");

    private string EnvironmentFile => Path.Combine(_folder.Path, "stack.env");

    /// <summary>The address of a published port.</summary>
    public Uri At(string port) => new($"http://127.0.0.1:{_ports[port]}/");

    public async ValueTask InitializeAsync()
    {
        (_startedEngine, Missing) = await Docker.StartAsync();
        if (Missing is not null)
            return;
        await File.WriteAllLinesAsync(
            EnvironmentFile,
            ["MYSQL_ROOT_PASSWORD=only-for-this-test", .. _ports.Select(port => $"{port.Key}={port.Value}")]
        );
        await UpAsync("--build");
    }

    /// <summary><c>docker compose up</c>, until every service is healthy.</summary>
    public Task UpAsync(params string[] options) => ComposeAsync(["up", "--detach", "--wait", "--wait-timeout", "420", .. options]);

    /// <summary><c>docker compose down</c>: the containers are gone, the volumes stay.</summary>
    public Task DownAsync() => ComposeAsync(["down"]);

    /// <summary>The ids of the containers of a service.</summary>
    public async Task<string[]> ContainersAsync(string service) =>
        (await ComposeAsync(["ps", "--quiet", service])).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    public async Task<(HttpStatusCode Status, JsonElement? Body)> SendAsync(HttpMethod method, Uri url, string? body = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply = await _http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        var isJson = reply.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return (reply.StatusCode, isJson && text.Length > 0 ? JsonDocument.Parse(text).RootElement : null);
    }

    public Task<(HttpStatusCode Status, JsonElement? Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, new Uri(Gateway, path));

    /// <summary>Runs a compose command on this stack.</summary>
    public async Task<string> ComposeAsync(string[] arguments) =>
        await Docker.RunAsync(["compose", "--env-file", EnvironmentFile, "--project-name", _project, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (Missing is null)
        {
            await ComposeAsync(["down", "--volumes", "--rmi", "local"]);
            if (_startedEngine)
                await Docker.StopAsync();
        }
        _http.Dispose();
        _folder.Dispose();
    }
}
