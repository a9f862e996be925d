using System.Net;
using System.Net.Sockets;
using TestSupport;

namespace Contract.Tests;

/// <summary>Runify's port of a service beside the real-estate one, when somebody else has it.</summary>
public sealed class RunifyPortTests : IDisposable
{
    private static readonly string[] Projects = ["Analyzer", "Anomalies", "Consistency"];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Services => [.. Projects];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_port_in_use_ends_the_start_with_a_sentence_that_names_the_setting(string project)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var service = await StartAsync(project, FreePort.Next(), $"{port}");

        await service.ExitAsync(TimeSpan.FromSeconds(60));

        service.ExitCode.Should().Be(2);
        service
            .Output.TrimEnd()
            .Split('\n')[^1]
            .Should()
            .Match($"The * cannot start: *:{port}: *in use*. Stop what listens there or set Server:RunifyPort.");
    }

    public void Dispose() => _folder.Dispose();

    private Task<GuardedProcess> StartAsync(string project, int port, string runifyPort) =>
        GuardedProcess.StartAsync(
            ServiceProcess.Executable(project),
            [],
            Path.Combine(_folder.Path, $"{project}.out"),
            new Dictionary<string, string?>
            {
                ["Server__Address"] = "127.0.0.1",
                ["Server__Port"] = $"{port}",
                ["Server__RunifyPort"] = runifyPort,
                ["ConnectionStrings__MySql"] = $"Server=127.0.0.1;Port={FreePort.Next()};User ID=x",
                ["Kafka__BootstrapServers"] = $"127.0.0.1:{FreePort.Next()}",
                ["Logs__Folder"] = _folder.Path,
            },
            _folder.Path
        );
}
