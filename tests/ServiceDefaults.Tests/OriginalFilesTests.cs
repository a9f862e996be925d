using Microsoft.Extensions.Configuration;
using TestSupport;

namespace ServiceDefaults.Tests;

/// <summary>The files by which the originals are configured: section 10 of both contracts, key by key.</summary>
public sealed class OriginalFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The service of the contract, a file of its keys, and what each means here.</summary>
    public static TheoryData<string, string, string> Keys =>
        new()
        {
            {
                "Runify 10: receiver",
                "events: {hostname: broker, port: 29092, topic: other}",
                "Kafka:BootstrapServers=broker:29092;Kafka:Topic=other"
            },
            {
                "Runify 10: storage",
                "datastore: {user: ann, hostname: h, port: 3307, db: mine}",
                "MySql=Server=h;Port=3307;User ID=ann;Database=mine"
            },
            {
                "Runify 10: processing",
                "datastore: {filename: /data/s.json}\nscheduler: {period_sec: 15}\neventstore: {url: http://storage:8090/storage}",
                "DatastoreFilename=/data/s.json;SchedulerInterval=00:00:15;StorageUrl=http://storage:8090/storage"
            },
            {
                "Runify 10: anomaly-detector",
                "thresholds:\n  running: {max_distance: 100.5, min_duration: 1}\n  music: {max_duration: 2, min_duration: 0}",
                "RunMaxDistance=100.5;SongMaxDuration=2"
            },
            {
                "Runify 10: check",
                "schedule: {period_sec: 5}\ntimeout: {seconds: 0.5}\nservices: {receiver: 'http://r/receiver/check', storage: 'http://s/stats'}",
                "CheckPeriod=00:00:05;CheckTimeout=00:00:00.5000000;CheckReceiver=http://r/receiver/check"
            },
            {
                "real estate 10: processing",
                "scheduler: {interval: 20}\neventstores: {site_listings: {url: http://s/storage/site/listings}, site_bids: {url: http://s/storage/site/bids}}",
                "SchedulerInterval=00:00:20;ListingsUrl=http://s/storage/site/listings;BidsUrl=http://s/storage/site/bids"
            },
            { "real estate 10: analyzer", "server: {port: 8201}\nevents: {hostname: k}", "ServerPort=8201;Kafka:BootstrapServers=k:9092" },
            {
                "real estate 10: consistency_check",
                "services: {processing: {url: http://p/processing}, analyzer: {url: http://a/analyzer}, storage: {url: http://s/storage}}",
                "ProcessingUrl=http://p/processing;AnalyzerUrl=http://a/analyzer;StorageUrl=http://s/storage"
            },
        };

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_of_the_contracts_means_what_it_meant(string section, string yaml, string expected)
    {
        var settings = Read(yaml);

        Settings.Check(settings);
        OriginalFiles.Unknown(settings).Should().BeEmpty(section);
        foreach (
            var pair in expected
                .Split(';')
                .Where(pair => !pair.Contains("Port=3307") && !pair.Contains("User ID") && !pair.StartsWith("Database"))
        )
        {
            var (name, value) = (pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]);
            Shown(settings, name).Should().Be(value, $"{section}: {name}");
        }
        if (section.EndsWith("storage"))
            DatabaseAddress
                .Read(settings, ServiceIdentity.Storage)
                .Should()
                .Contain("Server=h")
                .And.Contain("Port=3307")
                .And.Contain("Database=mine");
    }

    [Fact]
    public void Unknown_keys_are_named_with_their_file_and_have_no_effect()
    {
        var settings = Read(
            "version: 1\nrunning_event: {url: 'http://x'}\nevents: {hostname: k, prot: 1}\nlist: [a, b]",
            "version: 1\nroot: {level: DEBUG, handlers: [console]}"
        );

        var unknown = OriginalFiles.Unknown(settings);

        unknown.Select(file => Path.GetFileName(file.File)).Should().Equal("app_conf.yml", "log_conf.yml");
        unknown[0].Keys.Should().Equal("events.prot", "list.0", "list.1", "running_event.url", "version");
        unknown[1].Keys.Should().Equal("root.handlers.0", "version");
        Settings.Unknown(settings).Should().BeEmpty("they are told once, with the file");
    }

    [Fact]
    public void The_logs_file_says_level_and_file()
    {
        var settings = Read("", "handlers: {file: {class: logging.FileHandler, filename: /logs/app_receiver.log}}\nroot: {level: INFO}");

        Settings.LogsLevel.Read(settings).Should().Be("Information");
        Settings.LogsFile.Read(settings).Should().Be("/logs/app_receiver.log");
    }

    [Theory]
    [InlineData("events: {port: many}", "Setting events:port in *app_conf.yml is 'many': it must be a whole number from 1 to 65535.")]
    [InlineData(
        "thresholds: {running: {max_distance: far}}",
        "Setting thresholds:running:max_distance in *app_conf.yml is 'far': it must be a number*"
    )]
    [InlineData(
        "schedule: {period_sec: 0}",
        "Setting schedule:period_sec in *app_conf.yml is '0': it must be a number of seconds from 1 to 3600."
    )]
    [InlineData("scheduler: {period_sec: 7}", "Setting scheduler:period_sec in *app_conf.yml is '7'*")]
    [InlineData(
        "services: {receiver: nowhere}",
        "Setting services:receiver in *app_conf.yml is 'nowhere': it must be an absolute http address."
    )]
    public void A_wrong_value_stops_the_start_with_a_sentence_that_names_key_and_file(string yaml, string sentence)
    {
        var check = () => Settings.Check(Read(yaml));

        check.Should().Throw<SettingException>().WithMessage(sentence);
    }

    [Theory]
    [InlineData("a: [", "*app_conf.yml cannot be used: line * is no YAML*")]
    [InlineData("a: 1\na: 2", "*app_conf.yml cannot be used: *")]
    [InlineData("just text", "*app_conf.yml cannot be used: it must begin with keys.")]
    [InlineData("[1, 2]", "*app_conf.yml cannot be used: it must begin with keys.")]
    public void What_is_no_settings_file_stops_the_start_with_a_sentence(string yaml, string sentence)
    {
        var read = () => Read(yaml);

        read.Should().Throw<SettingException>().WithMessage(sentence);
    }

    [Fact]
    public void Nothing_and_an_empty_file_and_empty_keys_are_no_settings()
    {
        Settings.Check(Read("events:\n  port:\n  hostname: ~\ndatastore: null"));
        new ConfigurationBuilder().Add(OriginalFiles.In(_folder.Path)[1]).Build().AsEnumerable().Should().BeEmpty();
    }

    [Fact]
    public void The_folder_follows_the_environment()
    {
        OriginalFiles.Folder("test").Should().Be("/config");
        OriginalFiles.Folder(null).Should().Be(AppContext.BaseDirectory);
        OriginalFiles.Folder("dev").Should().Be(AppContext.BaseDirectory);
    }

    [Fact]
    public async Task The_files_beside_the_program_are_read_and_the_arguments_win()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "app_conf.yml");
        await File.WriteAllTextAsync(file, "version: 1\nevents: {hostname: from-the-file, port: 1234}");
        try
        {
            await using var service = await SampleService.StartAsync(settings: ["events:port=4321"]);
            KafkaAddress.Read(service.App.Configuration).BootstrapServers.Should().Be("from-the-file:4321");
            await Eventually.HoldsAsync(
                async () => (await ReadAsync(service.LogFile)).Contains($"In {file} these keys are not known and have no effect: version"),
                "the log names key and file"
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Variables_of_the_env_file_are_read_as_a_shell_reads_them()
    {
        var file = Path.Combine(_folder.Path, ".env");
        File.WriteAllText(file, "# remark\n\nMYSQL_ROOT_PASSWORD=\"a b # c\"\nexport MYSQL_PORT=33061 # here\nEMPTY=\nnonsense\nQ='x'\n");

        EnvFile
            .Read(file)
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["MYSQL_ROOT_PASSWORD"] = "a b # c",
                    ["MYSQL_PORT"] = "33061",
                    ["EMPTY"] = "",
                    ["Q"] = "x",
                }
            );
        EnvFile.Read(Path.Combine(_folder.Path, "none")).Should().BeEmpty();
        Settings.DatastorePort.Read(From(("MYSQL_PORT", "33061"))).Should().Be(33061);
    }

    public void Dispose() => _folder.Dispose();

    private static string? Shown(IConfiguration settings, string name) =>
        name switch
        {
            "Kafka:BootstrapServers" => KafkaAddress.Read(settings).BootstrapServers,
            "Kafka:Topic" => KafkaAddress.Read(settings).Topic,
            "MySql" => "Server=h",
            _ => Convert.ToString(
                ((dynamic)typeof(Settings).GetField(name)!.GetValue(null)!).Read(settings),
                System.Globalization.CultureInfo.InvariantCulture
            ),
        };

    private IConfigurationRoot Read(string app, string log = "")
    {
        File.WriteAllText(Path.Combine(_folder.Path, "app_conf.yml"), app);
        File.WriteAllText(Path.Combine(_folder.Path, "log_conf.yml"), log);
        var builder = new ConfigurationBuilder();
        foreach (var file in OriginalFiles.In(_folder.Path))
            builder.Add(file);
        return builder.Build();
    }

    private static IConfigurationRoot From(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();

    private static async Task<string> ReadAsync(string path)
    {
        using var text = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await text.ReadToEndAsync();
    }
}
