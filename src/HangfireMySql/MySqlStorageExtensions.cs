using MySqlConnector;

namespace Hangfire.MySql;

/// <summary>Registers the storage: <c>configuration.UseMySqlStorage("Server=...;Database=...")</c>.</summary>
public static class MySqlStorageExtensions
{
    /// <summary>Uses MySQL or MariaDB for jobs, with default options.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="connectionString">As for MySqlConnector; names a database.</param>
    public static IGlobalConfiguration<MySqlStorage> UseMySqlStorage(this IGlobalConfiguration configuration, string connectionString) =>
        configuration.UseMySqlStorage(connectionString, new MySqlStorageOptions());

    /// <summary>Uses MySQL or MariaDB for jobs.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="connectionString">As for MySqlConnector; names a database.</param>
    /// <param name="options">See <see cref="MySqlStorageOptions"/>.</param>
    public static IGlobalConfiguration<MySqlStorage> UseMySqlStorage(
        this IGlobalConfiguration configuration,
        string connectionString,
        MySqlStorageOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.UseStorage(new MySqlStorage(connectionString, options));
    }

    /// <summary>Uses MySQL or MariaDB for jobs, over a data source that the caller made and disposes (for passwords that change, for instance).</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="dataSource">Where connections come from.</param>
    /// <param name="options">See <see cref="MySqlStorageOptions"/>.</param>
    public static IGlobalConfiguration<MySqlStorage> UseMySqlStorage(
        this IGlobalConfiguration configuration,
        MySqlDataSource dataSource,
        MySqlStorageOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.UseStorage(new MySqlStorage(dataSource, options));
    }
}
