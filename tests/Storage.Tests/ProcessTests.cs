using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TestSupport;

namespace Storage.Tests;

/// <summary>The executable itself: exit codes, what it says when it cannot start, and how it stops.</summary>
public sealed class ProcessTests(MariaDbFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("Server:Port=http", "Setting Server:Port is 'http': it must be a whole number from 0 to 65535 (0: any free port).")]
    [InlineData("Systems=Cars", "Setting Systems is 'Cars': it must be RealEstate, Runify or both with a comma between.")]
    [InlineData("Inbox:BatchSize=0", "Setting Inbox:BatchSize is '0': it must be a whole number from 1 to 2000.")]
    [InlineData("ConnectionStrings:MySql=Colour=red", "Setting ConnectionStrings:MySql is not a connection string")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence(string setting, string sentence)
    {
        var (code, error) = await RunAsync($"--{setting}");

        code.Should().Be(2);
        error.TrimEnd().Should().StartWith(sentence).And.EndWith(".").And.NotContain("\n");
    }

    [Fact]
    public async Task Without_a_database_in_its_settings_it_says_which_are_missing()
    {
        var (code, error) = await RunAsync();

        code.Should().Be(2);
        error.Should().StartWith("Setting ConnectionStrings:MySql is missing").And.Contain("datastore:user");
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (code, error) = await RunAsync(
            $"--ConnectionStrings:MySql={fixture.Server.ConnectionString("x")}",
            "--Server:Address=127.0.0.1",
            $"--Server:Port={port}"
        );

        code.Should().Be(2);
        error
            .TrimEnd()
            .Should()
            .StartWith("The storage cannot start")
            .And.Contain(port.ToString(CultureInfo.InvariantCulture))
            .And.NotContain("\n");
    }

    [Fact]
    public async Task It_answers_for_its_health_stops_with_its_parent_and_has_written_its_log()
    {
        using var logs = new TemporaryFolder();
        var port = FreePort.Next();
        string[] settings =
        [
            $"--ConnectionStrings:MySql={await fixture.Server.NewDatabaseAsync("process")}",
            $"--Server:Port={port}",
            $"--Logs:Folder={logs.Path}",
            $"--Kafka:BootstrapServers=127.0.0.1:{FreePort.Next()}",
            "--EXIT_WITH_PARENT=1",
            "--Inbox:BachSize=7",
        ];
        (await RunAsync([.. settings, "--health"])).Code.Should().Be(1);
        using var service = Start(settings);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/health/live")).IsSuccessStatusCode, "it lives", Limit);
        // Kafka is away, so it is not ready, and says so.
        var health = await RunAsync([.. settings, "--health"]);
        health.Code.Should().Be(1);

        service.StandardInput.Close();

        using var patience = new CancellationTokenSource(Limit);
        await service.WaitForExitAsync(patience.Token);
        service.ExitCode.Should().Be(0);
        var log = await File.ReadAllLinesAsync(Path.Combine(logs.Path, "storage.log"), patience.Token);
        log.Should().Contain(line => line.EndsWith("The process that started this one is gone; stopping", StringComparison.Ordinal));
        log.Should().Contain(line => line.Contains(" - WARNING - Setting Inbox:BachSize is not known", StringComparison.Ordinal));
        log.Should()
            .OnlyContain(line =>
                line.StartsWith("    ", StringComparison.Ordinal) || line.Split(" - ", 4, StringSplitOptions.None).Length == 4
            );
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(ServiceProcess.Executable("Storage"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var patience = new CancellationTokenSource(Limit);
        var error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, error);
    }
}
