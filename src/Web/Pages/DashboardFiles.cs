using System.Text;
using ServiceDefaults;

namespace Web.Pages;

/// <summary>The dashboard's files, which are part of the program.</summary>
internal sealed class DashboardFiles
{
    private const string Folder = "dashboard/";
    private const string Index = "index.html";
    private const string SystemsMark = "data-systems=\"\"";

    private static readonly (string RealEstate, string Runify)[] Names =
    [
        ("<title>Real Estate Corp.</title>", "<title>Runify Dashboard</title>"),
        ("<h1>Dashboard</h1>", "<h1>Runify Statistics</h1>"),
        (">Real Estate Corp.</p>", ">Runify</p>"),
        ("every listing and bid", "every run and song"),
    ];

    private readonly Dictionary<string, DashboardFile> _files = [];

    public DashboardFiles(EnabledSystems systems)
    {
        var assembly = typeof(DashboardFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            var name = resource[Folder.Length..];
            _files[name] = new DashboardFile(name, name == Index ? Mark(content.ToArray(), systems) : content.ToArray());
        }
    }

    /// <summary>What a browser sees that opens a page of a service that cannot be reached.</summary>
    public DashboardFile? ErrorPage => _files.GetValueOrDefault("50x.html");

    /// <summary>The names of all files, relative to the page.</summary>
    public IReadOnlyDictionary<string, DashboardFile> All => _files;

    /// <summary>The file a path names, or null. The empty path is the page itself.</summary>
    public DashboardFile? Find(string? path) => _files.GetValueOrDefault(string.IsNullOrEmpty(path) ? Index : path);

    // Which systems' panels the page shows is known here and never changes while it runs.
    private static byte[] Mark(byte[] page, EnabledSystems systems)
    {
        string[] names =
        [
            .. systems.RealEstate ? ["real-estate"] : Array.Empty<string>(),
            .. systems.Runify ? ["runify"] : Array.Empty<string>(),
        ];
        var text = Encoding.UTF8.GetString(page);
        text = text.Replace(SystemsMark, $"data-systems=\"{string.Join(' ', names)}\"", StringComparison.Ordinal);
        // With Runify alone the page is that system's before any script has run, too.
        foreach (var (realEstate, runify) in systems.RealEstate ? [] : Names)
            text = text.Replace(realEstate, runify, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }
}
