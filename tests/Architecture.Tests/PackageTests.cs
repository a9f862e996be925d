using System.IO.Compression;
using System.Xml.Linq;
using TestSupport;

namespace Architecture.Tests;

/// <summary>The libraries can be packed as they are built.</summary>
public sealed class PackageTests
{
    [Theory]
    [InlineData("KafkaRider")]
    [InlineData("KafkaMySql")]
    [InlineData("HangfireMySql", "Hangfire.Core", "MySqlConnector", "Newtonsoft.Json")]
    public async Task A_library_becomes_a_package_with_its_documentation(string library, params string[] dependencies)
    {
        using var folder = new TemporaryFolder();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await Command.SucceedAsync(
            "dotnet",
            ["pack", Path.Combine("src", library), "-c", configuration, "--no-build", "--nologo", "-v", "quiet", "-o", folder.Path]
        );

        await using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(folder.Path, "*.nupkg").Should().ContainSingle().Subject);
        package.Entries.Select(entry => entry.FullName).Should().Contain([$"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml"]);
        await using var text = await package.Entries.Single(entry => entry.FullName == $"{library}.nuspec").OpenAsync();
        var described = XDocument.Load(text);
        described.Descendants().Single(element => element.Name.LocalName == "description").Value.Should().NotBe("Package Description");
        foreach (var readme in described.Descendants().Where(element => element.Name.LocalName == "readme"))
            package.GetEntry(readme.Value).Should().NotBeNull();
        if (dependencies.Length > 0)
            described
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => (string)element.Attribute("id")!)
                .Should()
                .BeEquivalentTo(dependencies);
    }
}
