using System.Text.Json;
using TestSupport;

namespace Compose.Tests;

/// <summary>One container of a stack.</summary>
public sealed class Container(string id) : IKillable
{
    /// <inheritdoc/>
    public Task KillAsync() => Docker.RunAsync("kill", "--signal", "KILL", id);

    /// <inheritdoc/>
    public Task StartAsync() => Docker.RunAsync("start", id);

    /// <summary>Runs its health check until it says it is well. The engine asks too, but only every ten seconds.</summary>
    public async Task HealthyAsync()
    {
        var check = JsonSerializer.Deserialize<string[]>(
            await Docker.RunAsync("inspect", "--format", "{{json .Config.Healthcheck.Test}}", id)
        )!;
        // The first word says how the rest is run: CMD, without a shell.
        await Eventually.HoldsAsync(
            async () =>
            {
                await RunAsync(check[1..]);
                return true;
            },
            $"container {id} is healthy",
            TimeSpan.FromSeconds(120),
            TimeSpan.FromMilliseconds(500)
        );
    }

    /// <summary>Runs a command inside; its output.</summary>
    public Task<string> RunAsync(params string[] command) => Docker.RunAsync(["exec", id, .. command]);
}
