using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TestSupport;

/// <summary>Asks the services at an address; a reply of another status than the expected one fails with its text.</summary>
public sealed class JsonClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The reply to GET.</summary>
    public Task<JsonElement> GetAsync(string path, int status = 200) => SendAsync("GET", path, null, status);

    /// <summary>The reply to POST of a JSON text, or of nothing.</summary>
    public Task<JsonElement> PostAsync(string path, string? body = null, int status = 200) => SendAsync("POST", path, body, status);

    /// <summary>The reply as text, whatever its status.</summary>
    public async Task<(int Status, string Text)> AskAsync(
        string method,
        string path,
        string? body = null,
        string contentType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        using var reply = await _http.SendAsync(request);
        return ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(string method, string path, string? body, int expected)
    {
        var (status, text) = await AskAsync(method, path, body);
        if (status != expected)
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{method} {path} was answered {status} and not {expected}: {text}")
            );
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
