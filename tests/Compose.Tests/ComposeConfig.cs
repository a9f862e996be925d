using System.Text.Json;
using TestSupport;

namespace Compose.Tests;

/// <summary>The stack as compose understands its files.</summary>
internal static class ComposeConfig
{
    public static async Task<JsonElement> ReadAsync(params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        var environment = Path.Combine(folder.Path, "stack.env");
        await File.WriteAllTextAsync(environment, "MYSQL_ROOT_PASSWORD=x\n");
        var (code, output) = await Docker.TryAsync(
            "docker",
            [
                "compose",
                "--env-file",
                environment,
                "-f",
                "compose.yaml",
                .. overrides.SelectMany(file => new[] { "-f", file }),
                "config",
                "--format",
                "json",
            ]
        );
        code.Should().Be(0, output);
        return JsonDocument.Parse(output).RootElement;
    }
}
