using System.Text.Json;
using TestSupport;

namespace Compose.Tests;

/// <summary>The stack as compose understands its files.</summary>
internal static class ComposeConfig
{
    /// <summary>With the password alone, and further files over the first.</summary>
    public static async Task<JsonElement> ReadAsync(params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        var environment = Path.Combine(folder.Path, "stack.env");
        await File.WriteAllTextAsync(environment, "MYSQL_ROOT_PASSWORD=x\n");
        return await ReadWithAsync(environment, overrides);
    }

    /// <summary>With the variables of a file.</summary>
    public static async Task<JsonElement> ReadWithAsync(string environmentFile, params string[] overrides) =>
        JsonDocument
            .Parse(
                await Docker.RunAsync([
                    "compose",
                    "--env-file",
                    environmentFile,
                    "-f",
                    "compose.yaml",
                    .. overrides.SelectMany(file => new[] { "-f", file }),
                    "config",
                    "--format",
                    "json",
                ])
            )
            .RootElement;
}
