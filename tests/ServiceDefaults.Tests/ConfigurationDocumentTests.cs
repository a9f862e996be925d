using TestSupport;

namespace ServiceDefaults.Tests;

public sealed class ConfigurationDocumentTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "configuration.md");

    /// <summary>With UPDATE_DOCS=1 the test writes the page instead.</summary>
    [Fact]
    public async Task The_page_of_settings_says_what_the_settings_say()
    {
        var expected = ConfigurationDocument.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            await System.IO.File.WriteAllTextAsync(File, expected);

        (await System.IO.File.ReadAllTextAsync(File)).Should().Be(expected, "UPDATE_DOCS=1 writes the page anew");
    }
}
