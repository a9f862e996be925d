using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServiceDefaults;

/// <summary>
/// A YAML file as the originals of both systems are configured by: nested keys become names with colons. The file need not be there; one
/// that is there and cannot be read stops the start with a sentence.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="section">What stands before its keys; empty for nothing.</param>
internal sealed class YamlFile(string path, string section) : ConfigurationProvider, IConfigurationSource
{
    // Of files this small more would be a mistake, and aliases of aliases could make a small file endless.
    private const int MostKeys = 10_000;

    // What a program sets is handed to every provider, so the data alone do not tell what the file says.
    private HashSet<string> _names = [];

    public string Path => path;

    /// <summary>Its settings as names, and the keys as they stand in the file, with dots.</summary>
    public IEnumerable<(string Name, string Key)> Keys =>
        _names.Select(name => (name, name[section.Length..].TrimStart(':').Replace(':', '.')));

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (File.Exists(path))
            Read(data);
        Data = data;
        _names = new HashSet<string>(data.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the file has a setting of that name.</summary>
    public bool Has(string name) => _names.Contains(name);

    private void Read(Dictionary<string, string?> data)
    {
        try
        {
            using var text = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            if (yaml.Documents.Count > 1)
                throw Wrong("it must hold one document");
            if (yaml.Documents.Count == 1 && !IsNothing(yaml.Documents[0].RootNode))
                Add(data, section, yaml.Documents[0].RootNode as YamlMappingNode ?? throw Wrong("it must begin with keys"));
        }
        catch (YamlException failure)
        {
            throw Wrong($"line {failure.Start.Line} is no YAML ({failure.Message.ReplaceLineEndings(" ").TrimEnd('.')})");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"it cannot be read ({failure.Message.TrimEnd('.')})");
        }
    }

    private void Add(Dictionary<string, string?> data, string name, YamlNode node)
    {
        if (data.Count > MostKeys)
            throw Wrong($"it has more than {MostKeys} keys");
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                    Add(
                        data,
                        Join(name, (key as YamlScalarNode)?.Value ?? throw Wrong($"line {key.Start.Line} has a key that is no text")),
                        value
                    );
                break;
            case YamlSequenceNode sequence:
                foreach (var (index, value) in sequence.Children.Index())
                    Add(data, Join(name, $"{index}"), value);
                break;
            // What is empty is not set.
            case YamlScalarNode scalar when !IsNothing(scalar):
                data[name] = scalar.Value;
                break;
        }
    }

    private static string Join(string name, string key) => name.Length == 0 ? key : $"{name}:{key}";

    private static bool IsNothing(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private SettingException Wrong(string reason) => new(path, $"The settings file {path} cannot be used: {reason}.");
}
