namespace AppHost;

/// <summary>Where this checkout lies and where its services were built.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds <c>RealEstate.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The executable of a service, built in the same configuration as this host.</summary>
    /// <exception cref="UsageException">It is not built.</exception>
    public static string Executable(string project)
    {
        // .../src/AppHost/bin/Release/net10.0/ -> .../src/Receiver/bin/Release/net10.0/Receiver
        var output = Path.GetRelativePath(Path.Combine(Root, "src", "AppHost"), AppContext.BaseDirectory);
        var file = Path.Combine(Root, "src", project, output, project);
        return File.Exists(file) ? file : throw new UsageException($"{file} is not built: run ./run, which builds it.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RealEstate.sln")))
                return folder.FullName;
        }
        throw new UsageException(
            $"There is no RealEstate.sln above {AppContext.BaseDirectory}: start the host from a checkout, with ./run."
        );
    }
}
