namespace TestSupport;

/// <summary>A running platform as one sees it from outside, whether it runs as processes or in containers.</summary>
public interface IPlatform
{
    /// <summary>The gateway's address.</summary>
    Uri Gateway { get; }

    /// <summary>Where clients outside find the brokers.</summary>
    string BootstrapServers { get; }

    /// <summary>The topic of the events.</summary>
    string Topic { get; }

    /// <summary>Connection string of the Receivers' database.</summary>
    string LogDatabase { get; }

    /// <summary>Connection string of the Storages' database.</summary>
    string TableDatabase { get; }
}

/// <summary>Something that runs, can be ended without notice and started again.</summary>
public interface IKillable
{
    /// <summary>Ends it with SIGKILL.</summary>
    Task KillAsync();

    /// <summary>Starts it again and returns at once.</summary>
    Task StartAsync();
}
