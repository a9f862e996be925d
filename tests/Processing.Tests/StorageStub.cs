using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Processing.Tests;

/// <summary>A Storage that answers each list with what a test says, right or wrong.</summary>
internal sealed class StorageStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StorageStub(WebApplication app) => _app = app;

    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/storage";

    /// <summary>What a list is answered with: status, body, and whether the headers of a page go with it.</summary>
    public Dictionary<string, (int Status, string Body, bool Headers)> Replies { get; } =
        new() { ["listings"] = (200, "[]", true), ["bids"] = (200, "[]", true) };

    public static async Task<StorageStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(Microsoft.AspNetCore.Hosting.WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var stub = new StorageStub(builder.Build());
        stub._app.MapGet("/storage/site/{list}", stub.AnswerAsync);
        await stub._app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(string list, HttpContext context)
    {
        var (status, body, headers) = Replies[list];
        context.Response.StatusCode = status;
        if (headers)
        {
            context.Response.Headers["X-Next-After"] = "cursor";
            context.Response.Headers["X-Next-Rows"] = "0=1";
            context.Response.Headers["X-Table-Rev"] = "0";
        }
        return context.Response.WriteAsync(body);
    }
}
