namespace MassTransit.KafkaIntegration.Consuming;

internal static class Backoff
{
    /// <summary>Doubles from <paramref name="first"/> to <paramref name="longest"/>, with up to a quarter of jitter either way.</summary>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan longest)
    {
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30));
        var jitter = 0.75 + Random.Shared.NextDouble() * 0.5;
        return TimeSpan.FromMilliseconds(Math.Min(doubled, longest.TotalMilliseconds) * jitter);
    }
}
