namespace Web.Gateway;

/// <summary>Ends streams when the gateway stops: they have no end of their own, and an orderly stop would wait for one.</summary>
internal sealed class EndlessReplies(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var stopping = lifetime.ApplicationStopping.Register(() =>
        {
            if (context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
                context.Abort();
        });
        await next(context);
    }
}
