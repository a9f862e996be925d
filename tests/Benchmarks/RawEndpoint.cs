using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Benchmarks;

/// <summary>The comparison for accepting: the same route as the Receiver's, one row and one commit for each request, nothing else.</summary>
internal static class RawEndpoint
{
    public static async Task RunAsync(int port, string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        await using var source = new MySqlDataSource(connectionString + ";MaximumPoolSize=64");
        long id = DateTime.UtcNow.Ticks;
        app.MapPost(
            "/receiver/site/listings",
            async (HttpContext http) =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                using var json = JsonDocument.Parse(body.ToArray());
                var trace = Interlocked.Increment(ref id);
                await using var connection = await source.OpenConnectionAsync();
                await using var command = new MySqlCommand(
                    "INSERT INTO raw_events (trace_id, listing_id, value) VALUES (@t, @l, @v)",
                    connection
                );
                command.Parameters.AddWithValue("@t", trace);
                command.Parameters.AddWithValue("@l", json.RootElement.GetProperty("listing_id").GetInt64());
                command.Parameters.AddWithValue("@v", body.ToArray());
                await command.ExecuteNonQueryAsync();
                http.Response.StatusCode = 201;
                await http.Response.WriteAsJsonAsync(new { trace_id = trace });
            }
        );
        await app.RunAsync();
    }

    public static string Table =>
        "CREATE TABLE raw_events (trace_id BIGINT NOT NULL PRIMARY KEY, listing_id BIGINT NOT NULL, value MEDIUMBLOB NOT NULL)";
}
