namespace AppHost;

/// <summary>Asks a service's health page until it is ready, and tells what it waits for when that takes long.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    public static async Task WaitAsync(Service service, CancellationToken cancellationToken)
    {
        var told = DateTime.UtcNow;
        while (true)
        {
            var state = await AskAsync(service, cancellationToken);
            if (state is null)
                return;
            if (DateTime.UtcNow - told > Patience)
            {
                told = DateTime.UtcNow;
                Steps.Say($"Waiting for {service.Name}: {state}");
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<string?> AskAsync(Service service, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await Http.GetAsync(service.Ready, cancellationToken);
            return reply.IsSuccessStatusCode ? null : await reply.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            return $"nothing answers on port {service.Port} yet";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "its health page does not answer within 2 s";
        }
    }
}
