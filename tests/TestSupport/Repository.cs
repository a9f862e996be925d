namespace TestSupport;

/// <summary>Where this checkout lies.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>RealEstate.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RealEstate.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No RealEstate.sln above {AppContext.BaseDirectory}.");
    }
}
