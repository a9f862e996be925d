namespace Contract.Tests;

/// <summary>What the tables of both contracts are written with.</summary>
internal static class TableParts
{
    /// <summary>A request without a body.</summary>
    public static Row Get(string section, string name, string path, int status, Shape shape) =>
        new(section, name, "GET", path, null, status, shape);

    /// <summary>A request with a JSON body.</summary>
    public static Row Post(string section, string name, string path, string body, int status, Shape shape) =>
        new(section, name, "POST", path, body, status, shape);

    /// <summary>A request by another method, without a body.</summary>
    public static Row Ask(string section, string name, string method, string path, int status, Shape shape) =>
        new(section, name, method, path, null, status, shape);

    /// <summary>An array of one or more of these.</summary>
    public static Shape Each(string row) => Shape.Json($"[\"<each>\",{row}]");

    /// <summary>A body with one thing changed, which must be in it.</summary>
    public static string Change(string body, string from, string to)
    {
        var changed = body.Replace(from, to, StringComparison.Ordinal);
        return changed != body ? changed : throw new ArgumentException($"The body has no {from}.");
    }

    /// <summary>Section 1 of both contracts: each service's API document, and the page that shows it.</summary>
    public static IEnumerable<Row> Documents(IEnumerable<string> services) =>
        services.SelectMany(service =>
            new[]
            {
                Get(
                    "1",
                    $"{service} has an API document",
                    $"/{service}/openapi.json",
                    200,
                    Shape.Json("""{"openapi":"<text>","info":"<any>","paths":"<any>","...":0}""")
                ),
                Get("1", $"{service} has a page for its API", $"/{service}/ui/", 200, Shape.Text("text/html", "<html")),
            }
        );
}
