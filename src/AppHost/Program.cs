using System.Runtime.InteropServices;
using AppHost;
using ServiceDefaults;

try
{
    var fallback = EnvFile.Read(".env");
    var options = HostOptions.Parse(args, name => Environment.GetEnvironmentVariable(name) ?? fallback.GetValueOrDefault(name));
    if (options.Help)
    {
        Console.WriteLine(HostOptions.Usage);
        return 0;
    }

    using var stopping = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

    using var folder = DataFolder.Open(options.DataFolder);
    var leftovers = new Leftovers(options.DataFolder);
    await leftovers.EndAllAsync();
    if (options.Reset)
    {
        DataFolder.Clear(options.DataFolder);
        Steps.Say($"All data in {options.DataFolder} was dropped.");
    }

    await using var platform = new Platform(options, leftovers);
    try
    {
        await platform.StartAsync(stopping.Token);
        if (options.DemoRate is { } rate)
        {
            using var demo = new Demo(platform.Receiver, platform.Storage, DemoType.Of(options), rate);
            await demo.RunAsync(stopping.Token);
        }
        await Task.Delay(Timeout.Infinite, stopping.Token);
    }
    catch (OperationCanceledException) when (stopping.IsCancellationRequested)
    {
        Steps.Say("Stopping ...");
    }
    return 0;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}
catch (UsageException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
