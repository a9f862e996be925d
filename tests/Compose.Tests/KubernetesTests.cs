using System.Text.Json;
using k8s;
using k8s.Models;
using TestSupport;

namespace Compose.Tests;

/// <summary>The Kustomize base is what a cluster would accept, and says the same as the compose file.</summary>
public sealed class KubernetesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "kubernetes");

    // Outside of a host name an underscore is fine, in one it is not.
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["consistency_check"] = "consistency-check",
        ["anomaly_detector"] = "anomaly-detector",
    };

    [Fact]
    public void Every_file_of_the_folder_is_named_and_loads_strictly()
    {
        var named = File.ReadAllLines(Path.Combine(Folder, "kustomization.yaml"))
            .Where(line => line.StartsWith("  - ", StringComparison.Ordinal))
            .Select(line => line[4..]);

        named.Append("kustomization.yaml").Should().BeEquivalentTo(Directory.GetFiles(Folder).Select(Path.GetFileName));
        Load().Should().HaveCount((2 * 7) + 1);
    }

    [Fact]
    public async Task Services_ports_replicas_and_settings_are_those_of_the_compose_file()
    {
        Assert.SkipWhen(await Docker.MissingComposeAsync() is not null, "docker compose is missing");
        var compose = (await ComposeConfig.ReadAsync()).GetProperty("services");
        var objects = Load();
        var common = objects.OfType<V1ConfigMap>().Single().Data;
        var deployments = objects.OfType<V1Deployment>().ToDictionary(deployment => deployment.Metadata.Name);

        var own = compose.EnumerateObject().Where(service => service.Value.TryGetProperty("build", out _)).ToList();
        deployments.Keys.Should().BeEquivalentTo(own.Select(service => Name(service.Name)));
        foreach (var service in own)
        {
            var deployment = deployments[Name(service.Name)];
            deployment.Spec.Replicas.Should().Be(Replicas(service.Value), service.Name);
            var container = deployment.Spec.Template.Spec.Containers.Single();
            var settings = container
                .Env.Where(setting => setting.Value is not null)
                .ToDictionary(setting => setting.Name, setting => setting.Value);
            foreach (var setting in service.Value.GetProperty("environment").EnumerateObject())
            {
                var expected = Renamed.Aggregate(
                    setting.Value.GetString() ?? "",
                    (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal)
                );
                switch (setting.Name)
                {
                    // What a host's ports and folders need, and what a cluster says by a pod's own address.
                    case "TARGET_ENV" or "Gateway__ServicePorts":
                        break;
                    case "Outbox__Url":
                        settings[setting.Name].Should().Be(expected.Replace("{host}", "$(POD_IP)", StringComparison.Ordinal));
                        break;
                    default:
                        (settings.GetValueOrDefault(setting.Name) ?? common[setting.Name])
                            .Should()
                            .Be(expected, "{0} of {1}", setting.Name, service.Name);
                        break;
                }
            }
        }
    }

    [Fact]
    public void Each_service_leads_to_the_port_its_pods_listen_on()
    {
        var objects = Load();
        foreach (var service in objects.OfType<V1Service>())
        {
            var deployment = objects.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == service.Metadata.Name);
            service.Spec.Selector.Should().Equal(deployment.Spec.Template.Metadata.Labels);
            var container = deployment.Spec.Template.Spec.Containers.Single();
            var listening = container
                .Env.Where(setting => setting.Name is "Server__Port" or "Server__RunifyPort")
                .ToDictionary(setting => setting.Name == "Server__Port" ? "http" : "runify", setting => setting.Value);
            container.Ports.ToDictionary(port => port.Name, port => $"{port.ContainerPort}").Should().Equal(listening);
            service.Spec.Ports.ToDictionary(port => port.TargetPort.Value, port => $"{port.Port}").Should().Equal(listening);
        }
        var addresses = objects
            .OfType<V1ConfigMap>()
            .Single()
            .Data.Where(setting => setting.Key.StartsWith("services__", StringComparison.Ordinal))
            .Select(setting => new Uri(setting.Value));
        addresses
            .Should()
            .OnlyContain(url =>
                objects.OfType<V1Service>().Any(service => service.Metadata.Name == url.Host && service.Spec.Ports[0].Port == url.Port)
            );
    }

    [Fact]
    public void Pods_run_as_ordinary_users_with_limits_and_without_links()
    {
        foreach (var deployment in Load().OfType<V1Deployment>())
        {
            var pod = deployment.Spec.Template.Spec;
            pod.SecurityContext.RunAsNonRoot.Should().BeTrue();
            pod.EnableServiceLinks.Should().BeFalse("MYSQL_PORT of a link is no port");
            pod.Containers.Single().Resources.Limits.Keys.Should().BeEquivalentTo(["cpu", "memory"]);
            pod.Containers.Single().ReadinessProbe.HttpGet.Path.Should().Be("/health/ready");
        }
    }

    private static List<object> Load() =>
        [
            .. Directory
                .GetFiles(Folder, "*.yaml")
                .Where(file => Path.GetFileName(file) != "kustomization.yaml")
                .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)),
        ];

    private static string Name(string service) => Renamed.GetValueOrDefault(service) ?? service;

    private static int Replicas(JsonElement service) =>
        service.GetProperty("deploy").TryGetProperty("replicas", out var replicas) ? replicas.GetInt32() : 1;
}
