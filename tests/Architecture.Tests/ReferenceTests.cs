using System.Reflection;
using System.Xml.Linq;
using NetArchTest.Rules;
using TestSupport;

namespace Architecture.Tests;

/// <summary>References point one way: services -> ServiceDefaults -> Contracts, and services and ServiceDefaults -> libraries.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Libraries = ["KafkaRider", "KafkaMySql", "HangfireMySql"];
    private static readonly string[] Services = ["Receiver", "Storage", "Processing", "Analyzer", "Consistency", "Anomalies", "Web"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["KafkaRider"] = [],
        ["KafkaMySql"] = ["KafkaRider"],
        ["HangfireMySql"] = [],
        ["ServiceDefaults"] = ["Contracts", .. Libraries],
        // The host starts services as processes; it refers to them for the build alone, which is not a reference of its assembly.
        ["AppHost"] = ["KafkaRider"],
    };

    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_lies_below_it(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));
        var references = file.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));

        references.Should().BeSubsetOf(Allowed.GetValueOrDefault(project) ?? ["ServiceDefaults", "Contracts", .. Libraries]);
    }

    [Fact]
    public void No_service_knows_another()
    {
        foreach (var service in Services.Where(IsBuilt))
        {
            var others = Services.Except([service]).Append("AppHost").ToArray();
            var result = Types.InAssembly(Assembly.Load(service)).ShouldNot().HaveDependencyOnAny(others).GetResult();
            result.FailingTypeNames.Should().BeNullOrEmpty($"{service} meets the others at a topic or over HTTP");
        }
    }

    [Fact]
    public void The_libraries_know_neither_contracts_nor_services()
    {
        foreach (var library in Libraries.Where(IsBuilt))
        {
            var result = Types
                .InAssembly(Assembly.Load(library))
                .ShouldNot()
                .HaveDependencyOnAny(["Contracts", "ServiceDefaults", "AppHost", .. Services])
                .GetResult();
            result.FailingTypeNames.Should().BeNullOrEmpty($"{library} stands on its own");
        }
    }

    [Fact]
    public void The_rider_knows_no_database()
    {
        var result = Types
            .InAssembly(Assembly.Load("KafkaRider"))
            .ShouldNot()
            .HaveDependencyOnAny("MySqlConnector", "KafkaMySql")
            .GetResult();
        result.FailingTypeNames.Should().BeNullOrEmpty();
    }

    [Fact]
    public void The_job_storage_knows_no_messaging_and_no_other_storage()
    {
        var result = Types
            .InAssembly(Assembly.Load("HangfireMySql"))
            .ShouldNot()
            .HaveDependencyOnAny(
                "MassTransit",
                "Confluent",
                "KafkaRider",
                "KafkaMySql",
                "Microsoft.EntityFrameworkCore",
                "Hangfire.InMemory"
            )
            .GetResult();
        result.FailingTypeNames.Should().BeNullOrEmpty("it stands on its own");
    }

    [Fact]
    public void Contracts_bring_no_package_of_messaging_or_data()
    {
        var result = Types
            .InAssembly(Assembly.Load("Contracts"))
            .ShouldNot()
            .HaveDependencyOnAny("MassTransit", "Confluent", "MySqlConnector", "Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore")
            .GetResult();
        result.FailingTypeNames.Should().BeNullOrEmpty();
    }

    private static bool IsBuilt(string project) => Directory.Exists(Path.Combine(Repository.Root, "src", project));
}
