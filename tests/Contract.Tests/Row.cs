namespace Contract.Tests;

/// <summary>One row of a contract: a request, and what its reply must be.</summary>
/// <param name="Section">The contract's section.</param>
/// <param name="Name">What the row says.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Path">Path and query, with the base path unless <see cref="Service"/> is given.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Status">The reply's status.</param>
/// <param name="Shape">What the reply's body must be.</param>
public sealed record Row(string Section, string Name, string Method, string Path, string? Body, int Status, Shape Shape)
{
    /// <summary>The base path of the service that is asked; the first part of the path unless given.</summary>
    public string Service { get; init; } = Path.Split('/', '?')[1];

    /// <summary>The state of the platform.</summary>
    public World World { get; init; }

    /// <summary>Whether the row holds only where its system is alone.</summary>
    public bool OnlyAlone { get; init; }

    /// <summary>Whether the service itself must answer so.</summary>
    public bool AtTheService { get; init; } = true;

    /// <summary>Whether the gateway must answer so.</summary>
    public bool AtTheGateway { get; init; } = true;

    /// <summary>The body's content type; null for no header.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Headers of the request.</summary>
    public IReadOnlyList<(string Name, string Value)> Sent { get; init; } = [];

    /// <summary>Headers of the reply with the expression each must match; null where there must be none.</summary>
    public IReadOnlyList<(string Name, string? Pattern)> Headers { get; init; } = [];

    /// <summary>At the service's own port alone.</summary>
    public Row Direct() => this with { AtTheGateway = false };

    /// <summary>At the gateway alone.</summary>
    public Row Gateway() => this with { AtTheService = false };

    /// <summary>The short form of a path, which only the service's own port knows.</summary>
    public Row ShortFormOf(string service) => this with { Service = service, AtTheGateway = false };

    /// <summary>Only where its system is alone.</summary>
    public Row Alone() => this with { OnlyAlone = true };

    /// <summary>Only beside the other system.</summary>
    public Row Beside() => this with { World = World.Beside };

    /// <summary>Before anything has happened.</summary>
    public Row Fresh() => this with { World = World.Fresh };

    /// <summary>With another content type of the body.</summary>
    public Row As(string? contentType) => this with { ContentType = contentType };

    /// <summary>With a header in the request.</summary>
    public Row Sending(string name, string value) => this with { Sent = [.. Sent, (name, value)] };

    /// <summary>With a header in the reply; null: without it.</summary>
    public Row With(string name, string? pattern) => this with { Headers = [.. Headers, (name, pattern)] };

    /// <summary>The row as data of a theory: once for each place that must answer so, and named by section and row.</summary>
    public IEnumerable<TheoryDataRow<Row, bool>> Cases(string contract)
    {
        var world = World switch
        {
            World.Fresh => "fresh, ",
            World.Beside => "beside the other system, ",
            _ => "",
        };
        if (AtTheService)
            yield return Case(false, $"{world}at the service");
        if (AtTheGateway)
            yield return Case(true, $"{world}through the gateway");

        TheoryDataRow<Row, bool> Case(bool gateway, string place) =>
            new(this, gateway) { TestDisplayName = $"{contract}, section {Section}: {Name} [{Method} {Path} -> {Status}, {place}]" };
    }

    /// <inheritdoc/>
    public override string ToString() => $"section {Section}: {Name}";
}
