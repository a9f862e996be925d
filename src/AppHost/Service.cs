namespace AppHost;

/// <summary>One of the platform's services, as the table shows it. The gateway has no database and no path of its own.</summary>
internal sealed record Service(string Name, string Project, int Port, string Setting, string? Database, string Path)
{
    /// <summary>Where it also listens with both systems on, to answer as Runify's contract says; null for none.</summary>
    public RunifyDoor? Runify { get; init; }

    public Service(string name, string project, int port, string setting, string database)
        : this(name, project, port, setting, database, $"/{name}") { }

    public string Address => $"http://localhost:{Port}{Path}";

    /// <summary>The same for processes of this machine, without a name look-up.</summary>
    public string Local => $"http://127.0.0.1:{Port}{Path}";

    /// <summary>The same without a path.</summary>
    public string Root => $"http://127.0.0.1:{Port}";

    /// <summary>Every port with the setting that moves it.</summary>
    public IEnumerable<(int Port, string Setting)> Ports =>
        Runify is null ? [(Port, Setting)] : [(Port, Setting), (Runify.Port, Runify.Setting)];

    public Uri Ready => new($"{Root}/health/ready");
}

/// <summary>A service's port of Runify's contract.</summary>
internal sealed record RunifyDoor(int Port, string Setting, string Path)
{
    public string Address => $"http://localhost:{Port}{Path}";
}
