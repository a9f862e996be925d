namespace AppHost;

/// <summary>Keeps one process running: starts it again when it ends, after half a second at first and at most five seconds.</summary>
internal sealed class Supervised(ChildSpec spec, string logFolder, Leftovers leftovers) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private volatile Child? _child;

    public string Name => spec.Name;

    private string OutputFile => Path.Combine(logFolder, $"{spec.Name}.out");

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Sends SIGTERM and, when that did not end the process within <paramref name="grace"/>, SIGKILL.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        // A process that is only just starting gets its signal from the loop.
        if (_child is { } child)
            Signals.Send(child.Pid, Signals.Terminate);
        if (await Task.WhenAny(_loop, Task.Delay(grace)) != _loop && _child is { } deaf)
            Signals.Send(deaf.Pid, Signals.Kill);
        await _loop;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!_stopping.IsCancellationRequested)
        {
            var started = DateTime.UtcNow;
            var ended = await RunOnceAsync();
            if (_stopping.IsCancellationRequested)
                return;
            if (DateTime.UtcNow - started > Healthy)
                pause = FirstPause;
            Steps.Say($"{spec.Name} {ended}; it is started again in {Steps.Seconds(pause)}. {LastLine()}");
            try
            {
                await Task.Delay(pause, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return; // Stopped while it was waiting to start again.
            }
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<string> RunOnceAsync()
    {
        try
        {
            using var child = await Child.StartAsync(spec, OutputFile, CancellationToken.None);
            leftovers.Remember(spec.Name, child.Pid);
            _child = child;
            if (_stopping.IsCancellationRequested)
                Signals.Send(child.Pid, Signals.Terminate);
            var code = await child.ExitAsync();
            _child = null;
            leftovers.Forget(spec.Name);
            return $"ended with code {code}";
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"did not start ({exception.Message})";
        }
    }

    private string LastLine()
    {
        if (!File.Exists(OutputFile))
            return "";
        using var stream = new FileStream(OutputFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(-Math.Min(stream.Length, 4096), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        var last = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return last is null ? $"See {OutputFile}." : $"Its last line: {last}";
    }
}
