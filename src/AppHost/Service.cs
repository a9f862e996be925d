namespace AppHost;

/// <summary>One of the platform's services, as the table shows it. The gateway has no database and no path of its own.</summary>
internal sealed record Service(string Name, string Project, int Port, string Setting, string? Database, string Path)
{
    public Service(string name, string project, int port, string setting, string database)
        : this(name, project, port, setting, database, $"/{name}") { }

    public string Address => $"http://localhost:{Port}{Path}";

    /// <summary>The same for processes of this machine, without a name look-up.</summary>
    public string Local => $"http://127.0.0.1:{Port}{Path}";

    /// <summary>The same without a path.</summary>
    public string Root => $"http://127.0.0.1:{Port}";

    public Uri Ready => new($"{Root}/health/ready");
}
