using System.Text;

namespace ServiceDefaults;

/// <summary>Writes <c>docs/configuration.md</c> from the settings' own declarations.</summary>
internal static class ConfigurationDocument
{
    public static string Write()
    {
        var text = new StringBuilder(
            """
            # Configuration

            Every setting of every service. Each has a default that works, a wrong value stops the start with a sentence that names the
            setting, and a name that does not exist is reported in the log.

            Settings come, the later ones winning, from `appsettings.json` beside the program, `app_conf.yml` and `log_conf.yml` (YAML, as
            the original systems have them; see `TARGET_ENV`), `.env` in the current folder, files in `/run/secrets` (a file's name is
            the setting's), environment variables and command-line arguments. In an environment variable or a file's name write `__` for
            each `:`, as in `Server__Port=8081`; as an argument write `--Server:Port=8081`. Times carry their unit: `500ms`, `30s`, `5m`, `2h`, `30d`.

            This page is written from the declarations in `src/ServiceDefaults/Configuration/Settings.cs`; a test keeps it true.


            """
        );
        foreach (var section in Settings.All.GroupBy(Section))
        {
            text.Append($"## {section.Key}\n\n| setting | default | may be | what it does |\n| --- | --- | --- | --- |\n");
            foreach (var setting in section)
                text.Append(
                    $"| `{setting.Name}` | {Default(setting)} | {Cell(setting.Kind)} | {Cell(setting.Description)}{Older(setting)} |\n"
                );
            text.Append('\n');
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Section(Setting setting) =>
        setting.Name.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? setting.Name[..colon] : "General";

    private static string Default(Setting setting) =>
        setting.DefaultText.Contains(' ', StringComparison.Ordinal) || setting.DefaultText == "none"
            ? Cell(setting.DefaultText)
            : $"`{setting.DefaultText}`";

    private static string Older(Setting setting) =>
        setting.OlderNames.Count == 0 ? "" : $" Also: {string.Join(", ", setting.OlderNames.Select(name => $"`{name}`"))}.";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
