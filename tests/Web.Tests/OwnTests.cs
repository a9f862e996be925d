using TestSupport;

namespace Web.Tests;

/// <summary>What the dashboard's scripts do without a browser: numbers, times, rates, stations.</summary>
public sealed class OwnTests
{
    [Fact]
    public async Task The_dashboards_own_tests_pass()
    {
        var folder = Path.Combine(Repository.Root, "src", "Web", "Dashboard");
        var runner = Path.Combine(folder, "node_modules", "vitest", "vitest.mjs");
        if (!File.Exists(runner))
            Assert.Skip("the dashboard was built elsewhere (BuildWeb=false), so there is no Node to run its tests with");
        var (code, output) = await Command.RunAsync("node", [runner, "run", "--no-color"], folder);

        code.Should().Be(0, output);
    }
}
