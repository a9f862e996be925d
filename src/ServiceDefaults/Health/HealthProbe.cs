using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>What the argument <c>--health</c> does: asks the service that runs with the same settings whether it is ready.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <returns>0 when it is ready, else 1.</returns>
    public static async Task<int> AskAsync(IConfiguration configuration, ServiceIdentity service)
    {
        var address = Settings.ServerAddress.Read(configuration);
        var host =
            address is "*" or "0.0.0.0" ? "127.0.0.1"
            : address is "::" ? "[::1]"
            : address.Contains(':') ? $"[{address}]"
            : address;
        var port = service.Listeners[0].ReadPort(configuration);
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var reply = await client.GetAsync(new Uri($"http://{host}:{port}/health/ready"));
            Console.WriteLine(await reply.Content.ReadAsStringAsync());
            return reply.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"The {service.Name} does not answer on port {port}: {failure.Message}");
            return 1;
        }
    }
}
