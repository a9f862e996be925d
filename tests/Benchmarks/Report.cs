using System.Globalization;
using System.Text.Json;

namespace Benchmarks;

/// <summary>One measured line: what the product did, what the raw loop beside it did in the same run, and what is aimed for.</summary>
internal sealed record Line(
    string Name,
    double Product,
    string Unit,
    double? Raw,
    double? Ratio,
    string Target,
    bool? Reached,
    string Notes = ""
);

/// <summary>Collects lines, prints them as a table and writes them as JSON.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
    private readonly List<Line> _lines = [];

    public void Add(Line line)
    {
        _lines.Add(line);
        Console.WriteLine($"  {Text(line)}");
    }

    /// <summary>Prints a figure that is no line of the table, such as a raw loop's own.</summary>
    public static void Note(string name, double value, string unit, string notes) =>
        Console.WriteLine($"  {name}: {Number(value)} {unit}; {notes}");

    public async Task FinishAsync(string? jsonFile)
    {
        Console.WriteLine();
        Console.WriteLine("| what | product | raw loop | ratio | aim | reached | notes |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var line in _lines)
            Console.WriteLine(
                $"| {line.Name} | {Number(line.Product)} {line.Unit} | {(line.Raw is { } raw ? Number(raw) : "")} | {(line.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "")} | {line.Target} | {line.Reached switch { true => "yes", false => "**no**", _ => "" }} | {line.Notes} |"
            );
        if (jsonFile is not null)
            await File.WriteAllTextAsync(
                jsonFile,
                JsonSerializer.Serialize(
                    new
                    {
                        at = DateTime.UtcNow,
                        machine = Machine(),
                        lines = _lines,
                    },
                    Json
                )
            );
    }

    public static string Machine() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {Environment.OSVersion.VersionString}, .NET {Environment.Version}"
        );

    private static string Text(Line line) =>
        $"{line.Name}: {Number(line.Product)} {line.Unit}"
        + (line.Raw is { } raw ? $", raw {Number(raw)}" : "")
        + (line.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $", ratio {ratio:0.00}") : "")
        + (
            line.Target.Length > 0
                ? $" (aim {line.Target}{line.Reached switch { true => ", reached", false => ", NOT reached", _ => "" }})"
                : ""
        )
        + (line.Notes.Length > 0 ? $"; {line.Notes}" : "");

    private static string Number(double value) =>
        value >= 100 ? value.ToString("#,0", CultureInfo.InvariantCulture) : value.ToString("0.##", CultureInfo.InvariantCulture);
}
