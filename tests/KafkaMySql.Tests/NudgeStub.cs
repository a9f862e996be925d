using System.Globalization;
using System.Net;

namespace KafkaMySql.Tests;

/// <summary>Takes nudges over real HTTP, as a service would.</summary>
internal sealed class NudgeStub : IAsyncDisposable
{
    private readonly HttpListener _http = new();
    private readonly Task _serving;
    private int _count;

    public NudgeStub()
    {
        Url = $"http://127.0.0.1:{TestSupport.FreePort.Next()}";
        _http.Prefixes.Add(Url + "/");
        _http.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Url { get; }

    public IRelayNudge? Target { get; set; }

    public int Count => _count;

    public async ValueTask DisposeAsync()
    {
        _http.Stop();
        await _serving;
        _http.Close();
    }

    private async Task ServeAsync()
    {
        while (_http.IsListening)
        {
            try
            {
                var context = await _http.GetContextAsync();
                var path = context.Request.Url!.AbsolutePath;
                if (context.Request.HttpMethod == "POST" && path.StartsWith("/log/nudge/", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _count);
                    Target?.Nudge(int.Parse(path["/log/nudge/".Length..], CultureInfo.InvariantCulture));
                }

                context.Response.Close();
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // It is being stopped.
            }
        }
    }
}
