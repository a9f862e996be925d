using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ServiceDefaults;

/// <summary>Starts a service and gives its process an exit code.</summary>
public static class ServiceHost
{
    private const int Wrong = 2;
    private const string Secrets = "/run/secrets";

    // Settings are read once, and a machine has only so many file watchers.
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>A builder that reads its settings from beside the program, <c>.env</c>, <c>/run/secrets</c>, the environment and the arguments.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = [NoReload, .. args], ContentRootPath = AppContext.BaseDirectory }
        );
        // Over what stands in files beside the program, under the environment and the arguments.
        var sources = builder.Configuration.Sources;
        var afterFiles = sources.Select((source, index) => source is JsonConfigurationSource ? index + 1 : 0).Max();
        IConfigurationSource[] between =
        [
            .. OriginalFiles.In(OriginalFiles.Folder(Settings.TargetEnv.Read(builder.Configuration))),
            new MemoryConfigurationSource { InitialData = FromEnvFile() },
            new KeyPerFileConfigurationSource
            {
                FileProvider = Directory.Exists(Secrets) ? new PhysicalFileProvider(Secrets) : null,
                Optional = true,
            },
        ];
        foreach (var (index, source) in between.Index())
            sources.Insert(afterFiles + index, source);
        return builder;
    }

    /// <summary>
    /// Runs the service that <paramref name="build"/> makes until it is told to stop. With the argument <c>--health</c>, asks the one that
    /// runs already whether it is ready. What keeps it from starting is said in one sentence on the standard error.
    /// </summary>
    /// <returns>The exit code: 0 after an orderly stop; 2 for a wrong setting or a port in use; 1 for a service that is not ready or failed.</returns>
    public static async Task<int> RunAsync(string[] args, ServiceIdentity service, Func<string[], WebApplication> build)
    {
        try
        {
            if (args.Contains("--health"))
                return await HealthProbe.AskAsync(CreateBuilder([.. args.Where(arg => arg != "--health")]).Configuration, service);
            await using var app = build(args);
            await app.RunAsync();
            return 0;
        }
        catch (SettingException wrong)
        {
            return await FailAsync(wrong.Message);
        }
        catch (OptionsValidationException wrong)
        {
            return await FailAsync(string.Join(" ", wrong.Failures));
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            return await FailAsync(
                $"The {service.Name} cannot start: {failure.Message} Stop what listens there or set {PortSetting(failure, service, CreateBuilder(args).Configuration)}."
            );
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AccessDenied or SocketError.AddressNotAvailable)
        {
            return await FailAsync($"The {service.Name} cannot listen: {failure.Message}; set Server:Port or Server:Address.");
        }
    }

    // The message has the address, and of it the setting is known only here.
    private static string PortSetting(IOException failure, ServiceIdentity service, IConfiguration settings) =>
        service
            .Listeners.FirstOrDefault(listener => failure.Message.Contains($":{listener.ReadPort(settings)}:", StringComparison.Ordinal))
            ?.PortSetting.Name
        ?? Settings.ServerPort.Name;

    private static Dictionary<string, string?> FromEnvFile() =>
        EnvFile.Read(".env").ToDictionary(pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair.Value);

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Wrong;
    }
}
