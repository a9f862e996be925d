using System.Diagnostics;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>A copy of the services to which everything was done that <c>docs/add-an-event-type.md</c> says.</summary>
internal sealed class FifthType(string folder)
{
    private static readonly string[] Projects = ["Receiver", "Storage", "Analyzer", "Anomalies", "Processing", "Consistency"];
    private static readonly string[] NotCopied = ["bin", "obj", "Web", "AppHost"];
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "add-an-event-type.md"));

    // Names of the type that is copied, the longer ones first.
    private static readonly (string From, string To)[] Renamed =
    [
        ("RunningStats", "HeartRates"),
        ("/running", "/heart"),
        ("Runs", "HeartRates"),
        ("runs", "rates"),
        ("RunRow", "HeartRateRow"),
        ("RunPosted", "HeartRatePosted"),
        ("RunEndpoints", "HeartRateEndpoints"),
    ];

    /// <summary>Makes the copy.</summary>
    public void Make()
    {
        Copy(Path.Combine(Repository.Root, "src"), Path.Combine(folder, "src"));
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig" })
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(folder, file));
        AddRecord();
        AddTable();
        AddFolders();
    }

    /// <summary>Builds its services in the configuration of the tests.</summary>
    public async Task BuildAsync()
    {
        var projects = string.Join(';', Projects.Select(project => $"src/{project}/{project}.csproj"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "services.proj"),
            $"""
            <Project DefaultTargets="Build">
              <ItemGroup><Service Include="{projects}" /></ItemGroup>
              <Target Name="Restore"><MSBuild Projects="@(Service)" Targets="Restore" Properties="MSBuildRestoreSessionId=fifth" /></Target>
              <Target Name="Build"><MSBuild Projects="@(Service)" /></Target>
            </Project>
            """
        );
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet", ["build", "services.proj", "-c", configuration, "-v", "quiet", "-nodeReuse:false"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using var build = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        build.ExitCode.Should().Be(0, output);
    }

    private void AddRecord()
    {
        Write(
            "Contracts/HeartRatePosted.cs",
            $"""
            using System.ComponentModel.DataAnnotations;
            using System.Text.Json.Serialization;

            namespace Contracts;

            {Block("record HeartRatePosted")}
            """
        );
        Change(
            "Contracts/EventCatalog.cs",
            "    /// <summary>All types",
            $"{Block("EventType.Of<HeartRatePosted>")}\n    /// <summary>All types"
        );
        Change("Contracts/EventCatalog.cs", "MusicInfo]", "MusicInfo, HeartRates]");
    }

    private void AddTable()
    {
        var names = "Storage/Persistence/EventTableNames.cs";
        Change(names, "    public static IReadOnlyList", $"{Block("EventTableNames HeartRates")}\n    public static IReadOnlyList");
        Change(names, "Songs]", "Songs, HeartRates]");
        Write(
            "Storage/HeartRates/HeartRate.cs",
            $"""
            using Storage.Persistence;

            namespace Storage.HeartRates;

            {Block("class HeartRate :")}
            """
        );
        var context = "Storage/Persistence/StorageDb.cs";
        Change(context, "using Storage.Listings;", "using Storage.HeartRates;\nusing Storage.Listings;");
        Change(
            context,
            "        modelBuilder.Entity<Run>",
            $"        {Inline("modelBuilder.Entity<HeartRate>")}\n        modelBuilder.Entity<Run>"
        );
        Write(
            "Storage/Persistence/Migrations/20261201000000_HeartRates.cs",
            $$""""
            using Microsoft.EntityFrameworkCore.Infrastructure;
            using Microsoft.EntityFrameworkCore.Migrations;

            namespace Storage.Persistence.Migrations;

            [DbContext(typeof(StorageDb))]
            [Migration("20261201000000_HeartRates")]
            internal sealed class HeartRatesMigration : Migration
            {
                protected override void Up(MigrationBuilder migrationBuilder) =>
                    migrationBuilder.Sql("""
            {{Block("CREATE TABLE", "sql")}}
            """);
            }
            """"
        );
        AddSnapshot();
    }

    // What the tool would write: the entity that is most like it, with its own names and types.
    private void AddSnapshot()
    {
        var file = "Storage/Persistence/Migrations/StorageDbModelSnapshot.cs";
        var text = File.ReadAllText(Source(file));
        var begin = text.IndexOf("            modelBuilder.Entity(\"Storage.Runs.Run\"", StringComparison.Ordinal);
        var end = text.IndexOf("            modelBuilder.Entity(", begin + 1, StringComparison.Ordinal);
        var entity = text[begin..end]
            .Replace("Storage.Runs.Run", "Storage.HeartRates.HeartRate", StringComparison.Ordinal)
            .Replace("running_data", "heart_data", StringComparison.Ordinal)
            .Replace(
                "<double>(\"Duration\")\n                        .HasColumnType(\"DOUBLE\")",
                "<long>(\"Beats\")\n                        .HasColumnType(\"BIGINT\")",
                StringComparison.Ordinal
            )
            .Replace("\"duration\"", "\"beats\"", StringComparison.Ordinal)
            .Replace("\"Distance\"", "\"Variability\"", StringComparison.Ordinal)
            .Replace("\"distance\"", "\"variability\"", StringComparison.Ordinal);
        File.WriteAllText(Source(file), text.Insert(begin, entity));
    }

    private void AddFolders()
    {
        foreach (
            var (project, composition) in new[] { ("Receiver", "Program"), ("Storage", "StorageService"), ("Analyzer", "AnalyzerService") }
        )
        {
            foreach (var file in Directory.GetFiles(Source($"{project}/Runs")).Where(file => Path.GetFileName(file) != "Run.cs"))
                Write(
                    $"{project}/HeartRates/{Path.GetFileName(file).Replace("Run", "HeartRate", StringComparison.Ordinal)}",
                    Rename(File.ReadAllText(file))
                );
            Change($"{project}/{composition}.cs", $"using {project}.Listings;", $"using {project}.HeartRates;\nusing {project}.Listings;");
            Change($"{project}/{composition}.cs", "app.MapRuns();", $"app.MapRuns();\n{Inline("app.MapHeartRates();")}");
        }
        var row = "Storage/HeartRates/HeartRateRow.cs";
        Change(row, "double Duration", "long Beats");
        Change(row, "\"duration\"", "\"beats\"");
        Change(row, "Duration = row.GetDouble", "Beats = row.GetInt64");
        Change(row, "double Distance", "double Variability");
        Change(row, "\"distance\"", "\"variability\"");
        Change(row, "Distance = row", "Variability = row");
        Change(
            row,
            "            EventTableNames.HeartRates,\n            \"id, user_id, duration, distance, `timestamp`, trace_id, date_created\",\n",
            Block("EventTableNames.HeartRates,")
        );
        Change("Storage/Reading/RowJson.cs", "using Storage.Listings;", "using Storage.HeartRates;\nusing Storage.Listings;");
        Change(
            "Storage/Reading/RowJson.cs",
            "[JsonSerializable(typeof(RunRow))]",
            $"[JsonSerializable(typeof(RunRow))]\n{Inline("[JsonSerializable(typeof(HeartRateRow))]")}"
        );

        Change(
            "Processing/Statistics/CountedType.cs",
            "    ];\n\n    /// <summary>The key of its count",
            $"{Block("Figure.")}    ];\n\n    /// <summary>The key of its count"
        );
        Write(
            "Anomalies/HeartRates/HighRateDetector.cs",
            $"""
            using Anomalies.Detecting;
            using Contracts;

            namespace Anomalies.HeartRates;

            {Block("LimitDetector")}
            """
        );
        Change("Anomalies/Detecting/Detectors.cs", "using Anomalies.Listings;", "using Anomalies.HeartRates;\nusing Anomalies.Listings;");
        Change(
            "Anomalies/Detecting/Detectors.cs",
            "new ShortSongDetector(),",
            $"new ShortSongDetector(),\n{Inline("new HighRateDetector(),")}"
        );
    }

    private string Source(string file) => Path.Combine(folder, "src", file);

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Source(file))!);
        File.WriteAllText(Source(file), text.TrimEnd() + "\n");
    }

    private void Change(string file, string from, string to)
    {
        var text = File.ReadAllText(Source(file));
        text.Should().Contain(from, file);
        File.WriteAllText(Source(file), text.Replace(from, to, StringComparison.Ordinal));
    }

    private static string Rename(string text) =>
        Renamed.Aggregate(text, (text, name) => text.Replace(name.From, name.To, StringComparison.Ordinal));

    private static string Block(string part, string language = "csharp") =>
        Page.Split($"```{language}\n")
            .Skip(1)
            .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
            .Single(block => block.Contains(part, StringComparison.Ordinal));

    // A piece of code between two backticks in a sentence.
    private static string Inline(string begin) => Page.Split('`').First(code => code.StartsWith(begin, StringComparison.Ordinal));

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var inner in Directory.GetDirectories(from).Where(inner => !NotCopied.Contains(Path.GetFileName(inner))))
            Copy(inner, Path.Combine(to, Path.GetFileName(inner)));
    }
}
