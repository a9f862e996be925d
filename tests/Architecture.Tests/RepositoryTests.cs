using System.Text.RegularExpressions;
using TestSupport;

namespace Architecture.Tests;

/// <summary>Habits of the repository that a compiler does not see.</summary>
public sealed partial class RepositoryTests
{
    private static readonly string[] CodeFolders = ["src", "tests"];
    private static readonly string[] Made = ["/bin/", "/obj/", "/node_modules/", "/dist/"];
    private static readonly string[] Folders = ["src", "tests", "docs", "scripts", ".ci"];

    [Fact]
    public void Versions_stand_in_one_place()
    {
        var withVersion = Directory
            .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => PackageVersion().IsMatch(File.ReadAllText(file)));
        withVersion.Should().BeEmpty("Directory.Packages.props pins them");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "RealEstate.sln")).Replace('\\', '/');
        var projects = CodeFolders.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories)
        );
        foreach (var project in projects)
            solution.Should().Contain(Path.GetRelativePath(Repository.Root, project));
    }

    [Fact]
    public void Commercial_packages_stay_out()
    {
        var versions = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
        versions.Should().MatchRegex("\"MassTransit\" Version=\"8\\.5\\.").And.MatchRegex("\"FluentAssertions\" Version=\"6\\.12\\.");
    }

    [Fact]
    public void Nothing_is_left_to_be_done_later()
    {
        Sources()
            .Where(file => !file.EndsWith("RepositoryTests.cs", StringComparison.Ordinal))
            .Where(file => Unfinished().IsMatch(File.ReadAllText(file)))
            .Should()
            .BeEmpty();
    }

    private static IEnumerable<string> Sources() =>
        Folders
            .Select(folder => Path.Combine(Repository.Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !Made.Any(folder => file.Contains(folder, StringComparison.Ordinal)))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".sh" or ".py" or ".json" or ".yaml" or ".ts" or ".tsx" or ".css");

    [GeneratedRegex("<PackageReference[^>]*\\bVersion=")]
    private static partial Regex PackageVersion();

    [GeneratedRegex("\\b(TODO|FIXME|HACK|NotImplementedException)\\b")]
    private static partial Regex Unfinished();
}
