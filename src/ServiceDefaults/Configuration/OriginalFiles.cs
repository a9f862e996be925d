using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>
/// The files by which the originals of both systems are configured: <c>app_conf.yml</c> and <c>log_conf.yml</c>, in <c>/config</c> when
/// <c>TARGET_ENV</c> is <c>test</c>, else beside the program. What they say holds over <c>appsettings.json</c>, and the environment over them.
/// </summary>
internal static class OriginalFiles
{
    /// <summary>What stands before the keys of <c>log_conf.yml</c>.</summary>
    public const string LogSection = "log_conf";

    private const string TestFolder = "/config";

    /// <summary>Both files, which need not be there.</summary>
    public static IReadOnlyList<YamlFile> In(string folder) =>
        [new(Path.Combine(folder, "app_conf.yml"), ""), new(Path.Combine(folder, "log_conf.yml"), LogSection)];

    /// <summary>Where the files are.</summary>
    public static string Folder(string? targetEnv) => targetEnv?.Trim() == "test" ? TestFolder : AppContext.BaseDirectory;

    /// <summary>The file that a setting comes from; null when it comes from elsewhere.</summary>
    public static string? Of(IConfiguration configuration, string name) =>
        // The last that has it is the one that holds.
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(name, out _))
            is YamlFile file
        && file.Has(name)
            ? file.Path
            : null;

    /// <summary>Keys of the files that no setting has, by file.</summary>
    public static IReadOnlyList<(string File, IReadOnlyList<string> Keys)> Unknown(IConfiguration configuration) =>
        [
            .. FilesOf(configuration)
                .Select(file =>
                    (
                        file.Path,
                        (IReadOnlyList<string>)
                            [.. file.Keys.Where(key => !Settings.IsKnown(key.Name)).Select(key => key.Key).Order(StringComparer.Ordinal)]
                    )
                )
                .Where(file => file.Item2.Count > 0),
        ];

    /// <summary>The files among the sources.</summary>
    public static IEnumerable<YamlFile> FilesOf(IConfiguration configuration) =>
        (configuration as IConfigurationRoot)?.Providers.OfType<YamlFile>() ?? [];
}
