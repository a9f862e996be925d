namespace AppHost;

/// <summary>One of the platform's services, as the table shows it.</summary>
internal sealed record Service(string Name, string Project, int Port, string Setting, string Database)
{
    /// <summary>The path all its routes stand under; its name unless the contract has another.</summary>
    public string BasePath { get; init; } = Name;

    public string Address => $"http://localhost:{Port}/{BasePath}";

    /// <summary>The same for processes of this machine, without a name look-up.</summary>
    public string Local => $"http://127.0.0.1:{Port}/{BasePath}";

    public Uri Ready => new($"http://127.0.0.1:{Port}/health/ready");
}
