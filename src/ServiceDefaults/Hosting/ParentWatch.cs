using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults;

/// <summary>Stops the service when its standard input closes: the process that started it is gone, however it ended.</summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime, ILogger<ParentWatch> logger) : IHostedService
{
    // The orderly stop takes 10 s at most. After that nobody is left who would end a process that hangs and holds its port.
    private static readonly TimeSpan LastResort = TimeSpan.FromSeconds(15);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Watch) { IsBackground = true, Name = "parent watch" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Watch()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        try
        {
            while (input.Read(buffer) > 0) { }
        }
        catch (IOException)
        {
            // A broken pipe says the same as a closed one.
        }
        logger.ParentGone();
        lifetime.StopApplication();
        Thread.Sleep(LastResort);
        Environment.Exit(1);
    }
}
