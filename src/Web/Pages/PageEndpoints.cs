using ServiceDefaults;

namespace Web.Pages;

/// <summary>Serves the dashboard at <c>/</c>.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void AddPages(this WebApplicationBuilder builder) => builder.Services.AddSingleton<DashboardFiles>();

    public static void MapPages(this WebApplication app) =>
        app.MapMethods(
                "/{**path}",
                Reading,
                (string? path, DashboardFiles files, HttpContext context) =>
                {
                    if (files.Find(path) is { } file)
                        return file.WriteAsync(context);
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }
            )
            .AcceptsAnyQuery()
            .ExcludeFromDescription();
}
