using TestSupport;

namespace Compose.Tests;

/// <summary>One container of a stack.</summary>
public sealed class Container(string id) : IKillable
{
    /// <inheritdoc/>
    public Task KillAsync() => Docker.RunAsync("kill", "--signal", "KILL", id);

    /// <inheritdoc/>
    public Task StartAsync() => Docker.RunAsync("start", id);

    /// <summary>Waits until its health check says it is well.</summary>
    public Task HealthyAsync() =>
        Eventually.HoldsAsync(
            async () =>
                await Docker.RunAsync("inspect", "--format", "{{.State.Health.Status}}", id) is var health
                && (health.Trim() == "healthy" ? true : throw new InvalidOperationException(health)),
            $"container {id} is healthy",
            TimeSpan.FromSeconds(120),
            TimeSpan.FromMilliseconds(500)
        );

    /// <summary>Runs a command inside; its output.</summary>
    public Task<string> RunAsync(params string[] command) => Docker.RunAsync(["exec", id, .. command]);
}
