using Microsoft.Extensions.Configuration;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>How a service reaches its database, from the settings.</summary>
public static class DatabaseAddress
{
    /// <summary>The connection string of the service's own database, with what every connection of the product has in common.</summary>
    /// <exception cref="SettingException">The settings do not say how to reach a database.</exception>
    public static string Read(IConfiguration configuration, ServiceIdentity service)
    {
        var connection = Settings.MySql.Read(configuration) is { } text ? Parse(text) : FromParts(configuration);
        if (string.IsNullOrEmpty(connection.Database))
            connection.Database = Settings.DatastoreDb.Read(configuration) ?? service.DefaultDatabase(Settings.Systems.Read(configuration));
        // All times in the product's tables are UTC.
        connection.DateTimeKind = MySqlDateTimeKind.Utc;
        connection.CharacterSet = "utf8mb4";
        connection.UseAffectedRows = false;
        if (string.IsNullOrEmpty(connection.ApplicationName))
            connection.ApplicationName = service.Name;
        return connection.ConnectionString;
    }

    private static MySqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            return new MySqlConnectionStringBuilder(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message names the key that is wrong, never the password.
            var reason = failure.Message.TrimEnd('.').ReplaceLineEndings(" ");
            throw new SettingException("ConnectionStrings:MySql", $"Setting ConnectionStrings:MySql is not a connection string: {reason}.");
        }
    }

    private static MySqlConnectionStringBuilder FromParts(IConfiguration configuration) =>
        new()
        {
            Server = Settings.DatastoreHostname.Read(configuration),
            Port = (uint)Settings.DatastorePort.Read(configuration),
            UserID =
                Settings.DatastoreUser.Read(configuration)
                ?? throw new SettingException(
                    "ConnectionStrings:MySql",
                    "Setting ConnectionStrings:MySql is missing: it must say how to reach the database (or set datastore:user and datastore:password)."
                ),
            Password = Settings.DatastorePassword.Read(configuration) ?? "",
        };
}
